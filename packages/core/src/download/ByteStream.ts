/**
 * A `ReadableStream` of bytes over an async iteration, which begins with the first read.
 *
 * @module
 */

/**
 * A stream of what an iteration yields. Cancelled or aborted it ends the iteration at once, also between two reads; aborted it fails with
 * the signal's reason. A stream that nobody reads leaves no listener on the signal.
 */
export const byteStreamOf = (
  iterate: (signal: AbortSignal) => AsyncGenerator<Uint8Array>,
  signal: AbortSignal | undefined
): ReadableStream<Uint8Array> => {
  const ended = new AbortController()
  const chunks = iterate(ended.signal)
  let onAbort: (() => void) | undefined
  const end = async (reason: unknown) => {
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort)
    ended.abort(reason)
    await chunks.return(undefined)
  }
  return new ReadableStream(
    {
      pull: async (controller) => {
        signal?.throwIfAborted()
        if (onAbort === undefined) {
          onAbort = () => {
            controller.error(signal?.reason)
            void end(signal?.reason)
          }
          signal?.addEventListener("abort", onAbort)
        }
        const { done, value } = await chunks.next().catch(async (error) => {
          await end(error)
          throw error
        })
        if (!done) return controller.enqueue(value)
        controller.close()
        await end(undefined)
      },
      cancel: end
    },
    { highWaterMark: 0 }
  )
}
