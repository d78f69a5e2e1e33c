/**
 * A transient failure of a transfer, which is retried.
 *
 * @module
 */

/** A transfer broke off, and may be resumed after a pause. */
export interface Interruption {
  readonly _tag: "Interruption"
  /** What happened, in a clause. */
  readonly issue: string
  readonly host: string
  readonly status: number | null
  /** The pause the server asks for, in milliseconds. */
  readonly retryAfter: number
  readonly cause: unknown
}

/** An interruption by a host. */
export const interruption = (
  host: string,
  issue: string,
  { cause = null, retryAfter = 0, status = null }: Partial<Pick<Interruption, "cause" | "retryAfter" | "status">> = {}
): Interruption => ({ _tag: "Interruption", issue, host, status, retryAfter, cause })

/** Whether a failure is an interruption, not permanent. */
export const isInterruption = <E extends { readonly _tag: string }>(
  failure: E | Interruption
): failure is Interruption => failure._tag === "Interruption"
