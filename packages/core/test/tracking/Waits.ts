/** Waits on the test clock, and what they report. */
import { type JobRefInput, JobStatus, type WaitEvent, type WaitOptions } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Clock, Effect } from "effect"
import { fastForward } from "../support/FastForward.ts"

/** Waits for a job, while the clock moves by itself. */
export const wait = (ref: JobRefInput, options?: WaitOptions) =>
  fastForward(JobStatus.use((jobs) => jobs.wait(ref, options)))

/** A listener that records the events of a wait. */
export const recorder = () => {
  const events: Array<WaitEvent> = []
  return {
    onProgress: (event: WaitEvent) => {
      events.push(event)
    },
    events,
    reported: <Tag extends WaitEvent["_tag"]>(tag: Tag) =>
      events.filter((event): event is Extract<WaitEvent, { readonly _tag: Tag }> => event._tag === tag)
  }
}

/** When requests came to the simulator, in milliseconds of the clock. */
export const requestTimes = (ref?: JobRefInput) =>
  Effect.map(
    Simulator.use(({ report }) => report),
    ({ requests }) => requests.filter((request) => ref === undefined || request.ref === String(ref)).map(({ at }) => at)
  )

/** How long an effect takes on the clock, and how it ends. */
export const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    const result = yield* Effect.result(effect)
    return { result, took: (yield* Clock.currentTimeMillis) - began }
  })
