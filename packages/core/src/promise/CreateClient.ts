/**
 * Makes clients of promises.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Pull from "effect/Pull"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { withInternals } from "../client/ClientInternals.ts"
import { type JobStatusOptions, settingsOf } from "../client/ClientOptions.ts"
import type { RawResponse as EffectRawResponse } from "../client/RawResponse.ts"
import { make } from "../client/Service.ts"
import { byteStreamOf } from "../download/ByteStream.ts"
import type { JobRefInput } from "../JobRef.ts"
import type { WaitOutcome } from "../tracking/Wait.ts"
import { callSite, withCaller } from "./CallSite.ts"
import { plainError } from "./Errors.ts"
import { downloadListener, waitListener } from "./Events.ts"
import type { JobStatusClient, RawResponse, WaitOptions } from "./JobStatusClient.ts"
import { plainGraphQl, plainStandard } from "./Responses.ts"
import { type JobSnapshot, originalOf, plainSnapshot } from "./Snapshot.ts"

/**
 * Makes a client. Throws `InvalidSettingError` at once when an option is invalid. A client that is never closed costs nothing but memory.
 *
 * @example
 * ```ts
 * import { createClient } from "@ttd-jobs/core/promise"
 *
 * await using client = createClient({
 *   server: process.env["WORKFLOWS_SERVER"] ?? "prod",
 *   token: process.env["WORKFLOWS_TTD_AUTH"] ?? ""
 * })
 * const job = await client.get("standard:412651")
 * console.log(job.phase, job.completionPercentage)
 * ```
 */
export const createClient = (options: JobStatusOptions = {}): JobStatusClient => {
  const scope = Scope.makeUnsafe()
  const settings = Result.getOrThrow(settingsOf(options))
  const { client, download, open, tracker, waiting } = Effect.runSync(Scope.provide(make(settings), scope))
  const running = new Set<Fiber.Fiber<unknown, unknown>>()
  let closed = false

  const run = async <A, E>(effect: Effect.Effect<A, E>, signal: AbortSignal | undefined): Promise<A> => {
    signal?.throwIfAborted()
    if (closed) throw aborted()
    const caller = callSite()
    const fiber = Effect.runFork(effect, { signal })
    running.add(fiber)
    const exit = await new Promise<Exit.Exit<A, E>>((resolve) => fiber.addObserver(resolve))
    running.delete(fiber)
    if (Exit.isSuccess(exit)) return exit.value
    if (Cause.hasInterruptsOnly(exit.cause)) throw signal?.aborted ? signal.reason : aborted()
    throw withCaller(plainError(Cause.squash(exit.cause)), caller)
  }

  /** Yields what a pull brings until it ends, the signal is aborted, or the consumer has left. */
  async function* iterate<A, E, E2>(
    taking: Effect.Effect<Pull.Pull<A, E>, E2, Scope.Scope>,
    left: AbortSignal,
    signal?: AbortSignal,
    own = Scope.forkUnsafe(scope)
  ): AsyncGenerator<A, void> {
    const until = signal === undefined ? left : AbortSignal.any([signal, left])
    try {
      const next = Pull.catchDone(await run(Scope.provide(taking, own), until), () => Effect.undefined)
      while (true) {
        const value = await run(next, until)
        if (value === undefined) return
        yield value
      }
    } catch (error) {
      if (!left.aborted) throw error
    } finally {
      await Effect.runPromise(Scope.close(own, Exit.void))
    }
  }

  const watch = (
    ref: JobRefInput,
    { onProgress, signal, ...options }: WaitOptions = {}
  ): AsyncIterable<JobSnapshot> => ({
    [Symbol.asyncIterator]: () => {
      const leaving = new AbortController()
      const taking = Effect.map(
        Effect.flatMap(waiting, ({ changes }) => changes(ref, { ...options, onProgress: waitListener(onProgress) })),
        Effect.map(plainSnapshot)
      )
      const changes = iterate(taking, leaving.signal, signal)
      return {
        next: () => changes.next(),
        // A generator would let the consumer that leaves wait for the next change.
        return: () => {
          leaving.abort()
          return changes.return()
        }
      }
    }
  })

  const openDownload: JobStatusClient["openDownload"] = async (input, options = {}) => {
    const { onProgress, partial, signal, startOver, ...others } = options
    const own = Scope.forkUnsafe(scope)
    const close = () => Effect.runPromise(Scope.close(own, Exit.void))
    const opening = open(
      originalOf(input),
      { ...others, onProgress: downloadListener(onProgress) },
      {
        partial,
        startOver: startOver && ((file) => Effect.promise(async () => startOver(file)))
      }
    )
    const { file, handOut, offset } = await run(Scope.provide(opening, own), signal).catch(async (error) => {
      await close()
      throw error
    })
    const bytes = byteStreamOf((left) => iterate(Effect.succeed(handOut), left, undefined, own), signal)
    return { file, offset, bytes, [Symbol.asyncDispose]: close }
  }

  const close = async () => {
    closed = true
    await Effect.runPromise(Effect.andThen(Fiber.interruptAll(running), Scope.close(scope, Exit.void)))
  }

  const made: JobStatusClient = {
    getJobStatus: (id, options) => run(Effect.map(client.getJobStatus(id, options), plainStandard), options?.signal),
    getGraphQlQueryJobStatus: (id, options) =>
      run(Effect.map(client.getGraphQlQueryJobStatus(id, options), plainGraphQl), options?.signal),
    getGraphQlBulkJobStatus: (id, options) =>
      run(Effect.map(client.getGraphQlBulkJobStatus(id, options), plainGraphQl), options?.signal),
    get: (ref, options) => run(Effect.map(client.get(ref, options), plainSnapshot), options?.signal),
    getRaw: (ref, options) => run(Effect.map(client.getRaw(ref, options), plainRaw), options?.signal),
    wait: (ref, { onProgress, signal, ...options } = {}) => {
      const listening = { ...options, onProgress: waitListener(onProgress) }
      return run(
        Effect.map(
          Effect.flatMap(waiting, ({ wait }) => wait(ref, listening)),
          plainSnapshot
        ),
        signal
      )
    },
    waitAll: async (refs, { onProgress, signal, ...options } = {}) => {
      const listening = { ...options, onProgress: waitListener(onProgress) }
      const outcomes = await run(
        Effect.flatMap(waiting, ({ waitAll }) => waitAll(refs, listening)),
        signal
      )
      return outcomes.map(settledOf)
    },
    watch,
    download: (input, { onProgress, signal, ...options } = {}) => {
      const listening = { ...options, onProgress: downloadListener(onProgress) }
      const bytes = Effect.flatMap(download, ({ bytes }) => bytes(originalOf(input), listening))
      return byteStreamOf((left) => iterate(bytes, left), signal)
    },
    openDownload,
    close,
    [Symbol.asyncDispose]: close
  }
  return withInternals(made, { open, tracker, run })
}

const settledOf = (outcome: WaitOutcome): PromiseSettledResult<JobSnapshot> =>
  Result.isSuccess(outcome)
    ? { status: "fulfilled", value: plainSnapshot(outcome.success) }
    : { status: "rejected", reason: plainError(outcome.failure) }

const plainRaw = ({ snapshot, ...response }: EffectRawResponse): RawResponse => ({
  ...response,
  snapshot: snapshot && plainSnapshot(snapshot)
})

const aborted = () => new DOMException("The client is closed.", "AbortError")
