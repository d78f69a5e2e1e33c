/**
 * What may go wrong with a transfer and still be got over.
 *
 * @module
 */

/** The transfer broke off, and may go on after a pause. */
export interface Trouble {
  readonly _tag: "Trouble"
  /** What happened, in a clause. */
  readonly issue: string
  readonly host: string
  readonly status: number | null
  /** For how long the server asks not to be asked, in milliseconds. */
  readonly floor: number
  readonly cause: unknown
}

/** Trouble with a host. */
export const trouble = (
  host: string,
  issue: string,
  { cause = null, floor = 0, status = null }: Partial<Pick<Trouble, "cause" | "floor" | "status">> = {}
): Trouble => ({ _tag: "Trouble", issue, host, status, floor, cause })

/** Tells trouble from an end. */
export const isTrouble = <E extends { readonly _tag: string }>(failure: E | Trouble): failure is Trouble =>
  failure._tag === "Trouble"
