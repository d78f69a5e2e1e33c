/**
 * The file name in a link.
 *
 * @module
 */

/** The last segment of a URL's path, percent-decoded and without the query; null when it is empty. */
export const linkNameOf = (url: URL): string | null => {
  const segment = url.pathname.slice(url.pathname.lastIndexOf("/") + 1)
  if (segment === "") return null
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
