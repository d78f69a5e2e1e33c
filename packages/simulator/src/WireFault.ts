/**
 * What can go wrong with any answer, of the API or of the file server.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * // One request each, in this order, then honest answers again.
 * await simulator.script([
 *   Fault.honest,
 *   Fault.latency("200 millis", Fault.tooManyRequests(2)),
 *   Fault.serverError(503, 30),
 *   Fault.htmlPage(502),
 *   Fault.emptyBody(504),
 *   Fault.problem(403, { title: "No access" }),
 *   Fault.answer(240),
 *   Fault.redirectTo("https://example.com/"),
 *   Fault.connectionReset,
 *   Fault.hang,
 *   Fault.truncatedBody(100),
 *   Fault.chunkCut(),
 *   Fault.stall(100),
 *   Fault.slowBody({ bytes: 10, every: "50 millis" })
 * ])
 * ```
 *
 * @module
 */
import { Duration } from "effect"
import type { Fault } from "./Fault.ts"

/** No fault: the honest answer. Lets a script say "fail, then work, then fail". */
export interface Honest {
  readonly _tag: "Honest"
}

/** A pause before anything is sent, by Effect's clock and not sped up; then another fault, or the honest answer. */
export interface Latency {
  readonly _tag: "Latency"
  readonly duration: Duration.Duration
  readonly next: Fault
}

/** Another answer instead of the honest one. */
export interface Answer {
  readonly _tag: "Answer"
  /** What the report calls the fault. */
  readonly name: string
  /** From 200 to 599. */
  readonly status: number
  readonly body: string
  /** Null: no `Content-Type`. */
  readonly contentType: string | null
  readonly headers: Readonly<Record<string, string>>
  /** Whether `x-ttd-request-id` is sent. */
  readonly requestId: boolean
}

/** The connection is reset (a TCP RST) before anything is sent. */
export interface ConnectionReset {
  readonly _tag: "ConnectionReset"
}

/** Nothing is ever sent. Ends when the client goes away or the simulator closes. */
export interface Hang {
  readonly _tag: "Hang"
}

/** The head and `after` bytes of the body are sent, then the connection is closed. */
export interface Cut {
  readonly _tag: "Cut"
  /** Bytes of the body that are sent; half of it when undefined. */
  readonly after: number | undefined
  /** Whether the body is chunked and ends without its last chunk, or shorter than its `Content-Length`. */
  readonly chunked: boolean
}

/** The head and `after` bytes of the body are sent, then nothing, with the connection open. */
export interface Stall {
  readonly _tag: "Stall"
  readonly after: number
}

/** The body comes `bytes` at a time, with a pause before each portion. */
export interface SlowBody {
  readonly _tag: "SlowBody"
  readonly bytes: number
  readonly every: Duration.Duration
}

/** What can go wrong with any answer. */
export type WireFault = Honest | Latency | Answer | ConnectionReset | Hang | Cut | Stall | SlowBody

/** No fault, for the places between faults. */
export const honest: Honest = { _tag: "Honest" }

/** A pause (milliseconds, or a text such as `"2 seconds"`), then another fault or, if none is given, the honest answer. */
export const latency = (duration: Duration.Input, next: Fault = honest): Latency => ({
  _tag: "Latency",
  duration: Duration.fromInputUnsafe(duration),
  next
})

/** Settings of `answer`. */
export interface AnswerOptions {
  /** Default: empty. */
  readonly body?: string | undefined
  /** Default `text/plain` when there is a body, else none; null for none. */
  readonly contentType?: string | null | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Whether `x-ttd-request-id` is sent. Default true. */
  readonly requestId?: boolean | undefined
  /** What the report calls the fault. Default `Answer`. */
  readonly name?: string | undefined
}

/** Any final status with any body, such as `answer(240)` or `answer(302, { headers: { location: "https://example.com/" } })`. */
export const answer = (status: number, options: AnswerOptions = {}): Answer => {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`A final status is a whole number from 200 to 599, not ${status}.`)
  }
  const { body = "", contentType = body === "" ? null : "text/plain", headers = {}, requestId = true } = options
  return { _tag: "Answer", name: options.name ?? "Answer", status, body, contentType, headers, requestId }
}

/** A problem (RFC 9457) as `application/json`, as upstream sends it with 400, 401, 403 and 404. */
export const problem = (status: number, fields: Readonly<Record<string, unknown>> = {}): Answer =>
  answer(status, {
    name: "problem",
    contentType: "application/json",
    body: JSON.stringify({ title: "Problem", status, ...fields })
  })

/** 429. `retryAfter`: the header, in seconds or as any text; without one there is no header. */
export const tooManyRequests = (retryAfter?: number | string): Answer => refusal("tooManyRequests", 429, retryAfter)

/** A 5XX. `retryAfter`: the header, in seconds or as any text; without one there is no header. */
export const serverError = (status = 503, retryAfter?: number | string): Answer =>
  refusal("serverError", status, retryAfter)

/** A gateway's page. Default status 502. */
export const htmlPage = (status = 502): Answer =>
  answer(status, {
    name: "htmlPage",
    contentType: "text/html; charset=utf-8",
    body: `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>${status}</h1><p>The gateway answers.</p></body></html>\n`
  })

/** An empty body, with a content type that promises JSON. Default status 200. */
export const emptyBody = (status = 200): Answer =>
  answer(status, { name: "emptyBody", contentType: "application/json" })

/** A redirect to any place. For redirects of the file server that lead back to the file, see `redirect`. */
export const redirectTo = (location: string, status: 301 | 302 | 303 | 307 | 308 = 302): Answer =>
  answer(status, { name: "redirectTo", headers: { location } })

/** The connection is reset before an answer. */
export const connectionReset: ConnectionReset = { _tag: "ConnectionReset" }

/** No answer ever. */
export const hang: Hang = { _tag: "Hang" }

/** `Content-Length` tells the whole length, `after` bytes come (half when undefined), then the connection is closed. */
export const truncatedBody = (after?: number): Cut => ({ _tag: "Cut", after, chunked: false })

/** A chunked body of which `after` bytes come (half when undefined), but not its end. */
export const chunkCut = (after?: number): Cut => ({ _tag: "Cut", after, chunked: true })

/** `after` bytes come, then nothing more; the connection stays open. */
export const stall = (after = 0): Stall => ({ _tag: "Stall", after })

/**
 * The body comes `bytes` at a time with a pause before each portion, by Effect's clock and not sped up. Default: 1 byte every
 * 100 ms.
 */
export const slowBody = (options: { readonly bytes?: number; readonly every?: Duration.Input } = {}): SlowBody => ({
  _tag: "SlowBody",
  bytes: options.bytes ?? 1,
  every: Duration.fromInputUnsafe(options.every ?? 100)
})

const refusal = (name: string, status: number, retryAfter: number | string | undefined) =>
  answer(status, {
    name,
    contentType: "application/json",
    body: JSON.stringify({ message: status === 429 ? "Too many requests." : "The service is not available." }),
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": String(retryAfter) } })
  })
