/** A network that breaks off bodies of files where a test wants it, after their bytes have been delivered. */
import type { ByteReader, FileTransport } from "@ttd-jobs/core"

/** Cuts the body of the n-th request for a file after `cuts[n]` bytes; those without an entry come whole. */
export const cutting = (transport: FileTransport, cuts: ReadonlyArray<number | undefined>): FileTransport => {
  let requests = 0
  return async (request) => {
    const response = await transport(request)
    const after = cuts[requests++]
    return after === undefined || response.body === null ? response : { ...response, body: cut(response.body, after) }
  }
}

const cut = (body: ByteReader, after: number): ByteReader => {
  let left = after
  return {
    ownsBytes: false,
    read: async () => {
      const bytes = left === 0 ? undefined : (await body.read())?.subarray(0, left)
      if (bytes === undefined) throw new TypeError("terminated")
      left -= bytes.byteLength
      return bytes
    }
  }
}
