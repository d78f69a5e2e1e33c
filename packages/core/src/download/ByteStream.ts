/**
 * Bytes for people with promises: a stream that asks for nothing before it is read.
 *
 * @module
 */

/**
 * A stream of what an iteration brings. Cancelled or aborted it ends the iteration at once, also between two reads; aborted it
 * fails with the signal's reason.
 */
export const byteStreamOf = (
  iterate: (signal: AbortSignal) => AsyncGenerator<Uint8Array>,
  signal: AbortSignal | undefined
): ReadableStream<Uint8Array> => {
  const ended = new AbortController()
  const portions = iterate(ended.signal)
  const end = async (reason: unknown) => {
    signal?.removeEventListener("abort", onAbort)
    ended.abort(reason)
    await portions.return(undefined)
  }
  let onAbort = () => {}
  return new ReadableStream(
    {
      start: (controller) => {
        onAbort = () => {
          controller.error(signal?.reason)
          void end(signal?.reason)
        }
        if (signal?.aborted) onAbort()
        else signal?.addEventListener("abort", onAbort)
      },
      pull: async (controller) => {
        const { done, value } = await portions.next().catch(async (error) => {
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
