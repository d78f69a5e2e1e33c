/**
 * Differences between JavaScript runtimes that HTTP requests meet.
 *
 * @module
 */

/** Browsers forbid setting `User-Agent`, or ask the server for permission first. */
export const isBrowser = "document" in globalThis || "importScripts" in globalThis

/** What broke, from the runtime's own chain of causes: its first code, else its innermost message. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if ("code" in error && typeof error.code === "string") return error.code
  return error.cause === undefined ? error.message : codeOf(error.cause)
}
