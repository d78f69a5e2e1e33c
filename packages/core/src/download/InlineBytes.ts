/**
 * A text as bytes, a portion at a time: a result inside an answer may be 20 MB long.
 *
 * @module
 */

/** The UTF-8 bytes of a text from one of its characters on, and where the next portion begins. */
export const portionOf = (
  text: string,
  from: number
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly next: number } => {
  const bytes = new Uint8Array(3 * portion)
  // One code unit is at most three bytes, so all fit; a pair is not torn apart.
  const end = from + portion - (isHigh(text.charCodeAt(from + portion - 1)) ? 1 : 0)
  const { read, written } = new TextEncoder().encodeInto(text.slice(from, end), bytes)
  return { bytes: bytes.subarray(0, written), next: from + read }
}

/** In UTF-16 code units. */
const portion = 64 * 1024

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff
