/**
 * Header values as text: runtimes give each byte as one character, and servers send UTF-8.
 *
 * @module
 */

/** Decodes the UTF-8 in a header's value; what is no UTF-8 stays as the runtime gave it (ISO 8859-1). */
export const decodeHeader = (value: string): string => {
  // ASCII needs no decoding, and a character above U+00FF shows that the runtime has decoded the value already.
  if (!/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(value, (char) => char.charCodeAt(0)))
  } catch {
    return value
  }
}
