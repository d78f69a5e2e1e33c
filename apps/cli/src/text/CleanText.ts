/**
 * Text that comes from outside, made fit for a terminal or a log.
 *
 * @module
 */
import util from "node:util"

/** One line without escape sequences, control characters and direction overrides, which could draw anything anywhere. */
export const cleanLine = (text: string): string =>
  util
    .stripVTControlCharacters(text)
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim()
