/**
 * `ttd-jobs status`: where jobs stand, now.
 *
 * @module
 */
import { type JobRef, JobStatus } from "@ttd-jobs/core"
import { Effect, Fiber, Result } from "effect"
import { withCommandContext } from "../client/CommandContext.ts"
import { spareMemory } from "../client/Memory.ts"
import { activityLine, noActivityLine } from "../display/ActivityLine.ts"
import { snapshotPrinter } from "../display/SnapshotPrinter.ts"
import { Streams } from "../display/Streams.ts"
import * as ExitCode from "../exit/ExitCode.ts"
import { isUnauthorised } from "../exit/Failure.ts"
import type { Invocation } from "../input/Commands.ts"
import { readReferences } from "../input/References.ts"
import { cleanLine } from "../text/CleanText.ts"

/** Asks for many jobs at once, as far as the client's gate lets it, and prints each in the order asked. */
export const run = (invocation: Invocation<"status">) =>
  withCommandContext(invocation, ({ codes, limit, report, settings }) =>
    Effect.gen(function* () {
      const refs = yield* readReferences(invocation.operands)
      spareMemory(refs.length)
      const jobs = yield* JobStatus
      const printer = yield* snapshotPrinter(settings)
      const { stdout } = yield* Streams
      // JSON on the same terminal, or what `--verbose` tells, would run into the activity line.
      const hasActivityLine = !settings.quiet && !settings.verbose && !(settings.json && stdout.isTerminal)
      const { clear } = hasActivityLine ? yield* activityLine(() => askingText(refs, codes.length)) : noActivityLine
      const ask = (ref: JobRef) => Effect.forkChild(Effect.result(jobs.get(ref)))
      const fibers = yield* Effect.forEach(refs.slice(0, ahead), ask)
      for (let next = fibers.shift(), asked = fibers.length + 1; next !== undefined; next = fibers.shift()) {
        const answer = yield* Fiber.join(next)
        const ref = refs[asked++]
        if (ref !== undefined) fibers.push(yield* ask(ref))
        yield* clear
        if (Result.isSuccess(answer)) {
          codes.push(invocation.options.exitCode ? ExitCode.ofPhase(answer.success.phase, false) : 0)
          yield* printer.print(answer.success)
          continue
        }
        codes.push(ExitCode.ofFailure(answer.failure))
        yield* report(answer.failure)
        // A token that is refused for one job is refused for all.
        if (isUnauthorised(answer.failure)) break
      }
      yield* Fiber.interruptAll(fibers)
      yield* clear
      yield* printer.end
      return ExitCode.worst(codes)
    }).pipe(Effect.scoped, limit)
  )

/** How many jobs are asked for ahead of the one that is to be printed next: each holds its answer, and a few kilobytes. */
const ahead = 500

const askingText = (refs: ReadonlyArray<JobRef>, answered: number) =>
  refs.length === 1
    ? `requesting ${cleanLine(String(refs[0]))}`
    : `requesting ${refs.length} jobs, ${answered} answered`
