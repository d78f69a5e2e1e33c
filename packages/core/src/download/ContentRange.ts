/**
 * Parser of `Content-Range` (RFC 9110 §14.4).
 *
 * @module
 */

/** The bytes of a partial response: from `start` up to, not including, `end`, of a file of `size` bytes (null when unknown). */
export interface ContentRange {
  readonly start: number
  readonly end: number
  readonly size: number | null
}

/** Parses a `Content-Range` header; null when it is absent or contradicts itself. */
export const parse = (header: string | null): ContentRange | null => {
  const [, first, last, length] = /^\s*bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)\s*$/i.exec(header ?? "") ?? []
  if (first === undefined || last === undefined) return null
  const range = { start: Number(first), end: Number(last) + 1, size: length === "*" ? null : Number(length) }
  return range.end > range.start && range.end <= (range.size ?? range.end) ? range : null
}
