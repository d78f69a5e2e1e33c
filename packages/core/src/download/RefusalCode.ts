/**
 * Why a storage service refuses a file: the code in the XML body of the response, which S3, Azure Blob Storage and Cloud Storage send.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { ByteReader } from "./FileTransport.ts"

/** ` (AccessDenied)`, or nothing where there is no such code, or the body does not come within a second. Codes hold no secret. */
export const refusalCodeOf = (body: ByteReader | null): Effect.Effect<string> =>
  body === null
    ? Effect.succeed("")
    : Effect.tryPromise(() => startOf(body)).pipe(
        Effect.timeout("1 second"),
        Effect.map((text) => /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1]),
        Effect.map((code) => (code === undefined ? "" : ` (${code})`)),
        Effect.orElseSucceed(() => "")
      )

const startOf = async (body: ByteReader): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ""
  for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > longest || text.includes("</Code>")) break
  }
  return text
}

const longest = 4096
