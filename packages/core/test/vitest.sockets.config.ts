import { project } from "@ttd-jobs/vitest-config"

/** The download tests again, over Node's sockets instead of the runtime's `fetch`. */
export default project("core (sockets)", {
  include: [
    "BackPressure",
    "Cut",
    "Digests",
    "Expiry",
    "File",
    "Origins",
    "Promises",
    "Resume",
    "Secrets",
    "Interruptions"
  ].map((name) => `download/${name}.test.ts`),
  env: { TEST_TRANSPORT: "sockets" }
})
