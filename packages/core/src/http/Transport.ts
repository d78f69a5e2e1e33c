/**
 * One GET through ky: headers, timeout, `Retry-After`, request id, body limits. No retrying, no schema.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { parseRetryAfter, retryAfterDelay } from "effect/http/Headers"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import ky, { isNetworkError } from "ky"
import { RequestTimeoutError, ResponseDecodeError, TransportError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import { jobKinds, statusPath } from "../model/index.ts"
import { masking } from "./Redaction.ts"
import { readBody } from "./ResponseBody.ts"

/** What a client needs to know to ask. */
export interface TransportOptions {
  /** The server's base URL, without a slash at its end. */
  readonly baseUrl: string
  readonly token: Redacted.Redacted<string> | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly userAgent: string
  /** How long one attempt may take, the body included. */
  readonly timeout: Duration.Duration
  readonly fetch: typeof globalThis.fetch | undefined
}

/** An answer, whatever its status. Wherever the token stood in the body, there is a mask. */
export interface Answer {
  readonly status: number
  readonly contentType: string | null
  readonly requestId: string | null
  /** Milliseconds from now, or null when the server did not say. */
  readonly retryAfter: number | null
  readonly text: string
}

/** Why there is no answer, or none that could be read. */
export type TransportFailure = TransportError | RequestTimeoutError | ResponseDecodeError

/** Asks for a job's status once. */
export type Transport = (ref: JobRef) => Effect.Effect<Answer, TransportFailure>

/** The transport to one server with one token. */
export const make = (options: TransportOptions): Transport => {
  const host = new URL(options.baseUrl).host
  const send = options.fetch ?? globalThis.fetch
  const mask = masking(options.token)
  const masked = (header: string | null) => (header === null ? null : mask.text(header))
  const client = ky.create({
    headers: headersOf(options),
    // Node's fetch would carry the token along to another origin, so no redirect is followed at all.
    redirect: "manual",
    ...(isBrowser ? { cache: "no-store" } : {}),
    retry: 0,
    timeout: false,
    throwHttpErrors: false
  })

  return (ref) => {
    const asked = { operation: jobKinds[ref.kind].operationId, ref: String(ref), host }
    const request = (signal: AbortSignal) =>
      // Handed to ky, the signal would be joined with ky's own, which costs as much as a tenth of the call.
      client(options.baseUrl + statusPath(ref), { fetch: (input, init) => send(input, { ...init, signal }) }).then(
        readBody
      )
    const failed = (error: unknown) => {
      const cause = isNetworkError(error) ? error.cause : error
      return new TransportError({ ...asked, code: mask.text(codeOf(cause)), cause: mask.cause(cause) })
    }
    const late = () => new RequestTimeoutError({ ...asked, timeout: Duration.toMillis(options.timeout) })
    return Effect.flatMap(attempt(request, failed, options.timeout, late), ({ response, text, tooLong }) => {
      const answer = {
        // A browser hides everything of a redirect but that it is one.
        status: response.type === "opaqueredirect" ? 302 : response.status,
        contentType: masked(response.headers.get("content-type")),
        requestId: masked(response.headers.get("x-ttd-request-id")),
        text: mask.text(text)
      }
      if (tooLong !== undefined) {
        const { text: _, ...answered } = answer
        return Effect.fail(
          new ResponseDecodeError({ ...asked, ...answered, body: "", reason: "body-too-large", issue: tooLong })
        )
      }
      const retryAfter = response.headers.get("retry-after")
      return retryAfter === null
        ? Effect.succeed({ ...answer, retryAfter })
        : Effect.map(Clock.currentTimeMillis, (now) => ({ ...answer, retryAfter: pauseOf(retryAfter, now) }))
    })
  }
}

/** Runs a request that its interruption aborts, and its timeout too. `Effect.timeout` would do the same with two more fibers. */
const attempt = <A, E, E2>(
  request: (signal: AbortSignal) => Promise<A>,
  failed: (error: unknown) => E,
  timeout: Duration.Duration,
  late: () => E2
): Effect.Effect<A, E | E2> =>
  Effect.contextWith((context: Context.Context<never>) =>
    Effect.callback((resume) => {
      const controller = new AbortController()
      const expire = Effect.sync(() => {
        controller.abort()
        resume(Effect.fail(late()))
      })
      const timer = Effect.runForkWith(context)(Effect.delay(expire, timeout))
      request(controller.signal).then(
        (value) => {
          timer.interruptUnsafe()
          resume(Effect.succeed(value))
        },
        (error) => {
          timer.interruptUnsafe()
          resume(Effect.fail(failed(error)))
        }
      )
      return Effect.sync(() => {
        timer.interruptUnsafe()
        controller.abort()
      })
    })
  )

const headersOf = ({ headers, token, userAgent }: TransportOptions): Record<string, string> => ({
  accept: "application/json",
  ...(isBrowser ? {} : { "user-agent": userAgent }),
  ...headers,
  ...(token === undefined ? {} : { "ttd-auth": Redacted.value(token) })
})

/** Browsers forbid setting `User-Agent`, or ask the server's leave for it first. */
export const isBrowser = "document" in globalThis || "importScripts" in globalThis

/** The pause that a `Retry-After` header asks for, in milliseconds: RFC 9110 §10.2.3, zero when past, null when unreadable. */
export const pauseOf = (header: string, now: number): number | null =>
  Result.match(parseRetryAfter(header), {
    onFailure: () => null,
    onSuccess: (told) => Math.min(Duration.toMillis(retryAfterDelay(told, now)), Number.MAX_SAFE_INTEGER)
  })

/** What broke, from the runtime's own chain of causes: its first code, else its innermost message. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if ("code" in error && typeof error.code === "string") return error.code
  return error.cause === undefined ? error.message : codeOf(error.cause)
}
