/** Runs the smoke test in a Worker: one request to it is one run, with the options as its body. */
import { smoke } from "./smoke.ts"

export default {
  fetch: async (request: Request): Promise<Response> => {
    try {
      const passed = await smoke(await request.json())
      return new Response(passed.join(", "))
    } catch (error) {
      return new Response(error instanceof Error ? (error.stack ?? error.message) : String(error), { status: 500 })
    }
  }
}
