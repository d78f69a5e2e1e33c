/** A network that breaks off bodies of files where a test wants it, after their bytes have been delivered. */

/** Cuts the body of the n-th request for a file after `cuts[n]` bytes; those without an entry come whole. */
export const cutting = (fetch: typeof globalThis.fetch, cuts: ReadonlyArray<number | undefined>): typeof fetch => {
  let asked = 0
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    const response = await fetch(input, init)
    const isFile = new URL(url).pathname.startsWith("/results/")
    const after = isFile ? cuts[asked++] : undefined
    return after === undefined || response.body === null
      ? response
      : new Response(cut(response.body, after), { status: response.status, headers: response.headers })
  }
}

const cut = (body: ReadableStream<Uint8Array>, after: number): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  let left = after
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        if (left === 0) return breakOff(controller, reader)
        const { done, value } = await reader.read()
        if (done) return breakOff(controller, reader)
        const bytes = value.subarray(0, left)
        left -= bytes.byteLength
        controller.enqueue(bytes)
      },
      cancel: (reason) => reader.cancel(reason)
    },
    { highWaterMark: 0 }
  )
}

const breakOff = async (
  controller: ReadableStreamDefaultController<Uint8Array>,
  reader: ReadableStreamDefaultReader<Uint8Array>
) => {
  controller.error(new TypeError("terminated"))
  await reader.cancel()
}
