/**
 * What a response body says, in one line.
 *
 * @module
 */

/**
 * The start of a response body in one line of at most 200 characters; of a page its title, of a storage service's XML its code and message.
 *
 * @example
 * ```ts
 * import { excerpt } from "@ttd-jobs/core/text"
 *
 * excerpt("<html><head><title>502 Bad Gateway</title></head>…") // "502 Bad Gateway"
 * ```
 */
export const excerpt = (body: string): string => {
  const tagged = [...body.matchAll(/<(title|code|message)>([^<]+)/gi)].map(([, , text]) => text)
  const line = (tagged.length === 0 ? body : tagged.join(": ")).replace(/\s+/g, " ").trim()
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
