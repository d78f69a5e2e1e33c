/**
 * Upstream's own response beside what it means: for a gateway that passes it on.
 *
 * @module
 */
import type { RequestError } from "../errors/Errors.ts"
import type { Redaction } from "../http/Redaction.ts"
import { isSuccess } from "../http/ResponseBody.ts"
import type { StatusResponse } from "../http/StatusRequest.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"

/**
 * A response as upstream sent it, decompressed, and so without the headers of its length and encoding. Where a response other than a
 * success echoes a credential, that is redacted.
 */
export interface RawResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
  /** The snapshot that it holds; null when it holds none. */
  readonly snapshot: JobSnapshot | null
  /** The error that `get` fails with after this response; null when it holds a snapshot. */
  readonly error: RequestError | null
}

/** A raw response with what it means. */
export const rawResponseOf = (
  response: StatusResponse,
  redaction: Redaction,
  meaning: Pick<RawResponse, "snapshot" | "error">
): RawResponse => ({
  status: response.status,
  headers: withoutSecrets(response.headers, redaction),
  body: bodyOf(response, redaction),
  ...meaning
})

const bodyOf = ({ bytes, status, text }: StatusResponse, redaction: Redaction): Uint8Array => {
  const body = bytes ?? new TextEncoder().encode(text)
  if (isSuccess(status)) return body
  const shown = redaction.secrets(text)
  return shown === text ? body : new TextEncoder().encode(shown)
}

const withoutSecrets = (headers: Headers, redaction: Redaction): Headers =>
  new Headers(
    [...headers]
      .filter(([name]) => !ofTheTransfer.has(name))
      .map(([name, value]): [string, string] => [name, redaction.secrets(value)])
  )

/** Headers of how the body came over one connection, not of what it is. */
const ofTheTransfer: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "transfer-encoding"
])
