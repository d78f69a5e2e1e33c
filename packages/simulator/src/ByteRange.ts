/**
 * Range requests (RFC 9110 §14), one range at a time.
 *
 * @module
 */

/** A range of bytes: from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Reads a `Range` header for a file of `size` bytes. `whole`: no header, or one that a server may ignore (another unit, bad
 * syntax, several ranges); `unsatisfiable`: no byte of the file is in the range.
 */
export const parse = (header: string | undefined, size: number): ByteRange | "whole" | "unsatisfiable" => {
  const [, first, last] = /^bytes=\s*(\d{0,16})-(\d{0,16})\s*$/.exec(header ?? "") ?? []
  if (first === undefined || last === undefined) return "whole"
  if (first === "") return last === "" ? "whole" : suffix(Number(last), size)
  const start = Number(first)
  const end = last === "" ? size : Math.min(Number(last) + 1, size)
  if (last !== "" && Number(last) < start) return "whole"
  return start >= size ? "unsatisfiable" : { start, end }
}

/** `Content-Range` of a 206. */
export const contentRange = ({ start, end }: ByteRange, size: number): string => `bytes ${start}-${end - 1}/${size}`

const suffix = (length: number, size: number) =>
  length === 0 || size === 0 ? "unsatisfiable" : { start: Math.max(0, size - length), end: size }
