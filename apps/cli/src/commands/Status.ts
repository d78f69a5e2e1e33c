/**
 * `ttd-jobs status`: the current status of jobs.
 *
 * @module
 */
import type { JobRef, JobSnapshot, RequestError } from "@ttd-jobs/core"
import { Effect, Fiber, Result } from "effect"
import { type CommandContext, withCommandContext } from "../client/CommandContext.ts"
import { type StatusLookup, statusLookup } from "../client/StatusLookup.ts"
import { type ActivityLine, activityLine, noActivityLine } from "../display/ActivityLine.ts"
import { failureJson } from "../display/FailureJson.ts"
import { type SnapshotPrinter, snapshotPrinter } from "../display/SnapshotPrinter.ts"
import { type OutputError, Streams } from "../display/Streams.ts"
import * as ExitCode from "../exit/ExitCode.ts"
import { type CommandTimeoutError, type Failure, isUnauthorised } from "../exit/Failure.ts"
import type { Invocation } from "../input/Commands.ts"
import { readReferences } from "../input/References.ts"
import { cleanLine } from "../text/CleanText.ts"
import { problemText } from "../text/ProblemText.ts"

/** Looks up many jobs at once, within the limits of the client, and prints each in the order asked. */
export const run = (invocation: Invocation<"status">) =>
  withCommandContext(
    invocation,
    Effect.fnUntraced(function* (context) {
      const refs = yield* readReferences(invocation.operands)
      const { settings } = context
      const { stderr, stdout } = yield* Streams
      const printer = yield* snapshotPrinter(settings)
      // JSON on the same terminal, or what `--verbose` prints, would run into the activity line.
      const hasActivityLine = !settings.quiet && !settings.verbose && !(settings.json && stdout.isTerminal)
      const activity = hasActivityLine
        ? yield* activityLine(() => progressText(refs, context.codes.length))
        : noActivityLine
      const lookup = yield* statusLookup({
        retry: settings.client.retry,
        isEndless: false,
        warn: (line) =>
          settings.quiet ? Effect.void : Effect.andThen(activity.clear, Effect.ignore(stderr.write(`${line}\n`)))
      })
      const command: StatusCommand = {
        ...context,
        activity,
        lookup,
        printer,
        refs,
        exitCode: invocation.options.exitCode
      }
      const results = new Map<JobRef, LookupResult>()
      return yield* lookUpAll(command, results).pipe(
        context.limit,
        Effect.catchTag("CommandTimeoutError", (timeout) =>
          Effect.gen(function* () {
            yield* printKnown(command, results, timeout)
            yield* context.report(timeout)
            return ExitCode.worst([...context.codes, ExitCode.ofFailure(timeout)])
          })
        ),
        Effect.onInterrupt(() => Effect.ignore(printKnown(command, results)))
      )
    }, Effect.scoped)
  )

interface StatusCommand extends CommandContext {
  readonly refs: ReadonlyArray<JobRef>
  readonly lookup: StatusLookup
  readonly printer: SnapshotPrinter
  readonly activity: ActivityLine
  /** Whether the exit code reports the phase. */
  readonly exitCode: boolean
}

type LookupResult = Result.Result<JobSnapshot, RequestError>

/** Looks up all jobs; `results` holds those that are known and not printed yet. */
const lookUpAll = Effect.fnUntraced(function* (command: StatusCommand, results: Map<JobRef, LookupResult>) {
  const { activity, codes, lookup, printer, refs } = command
  const start = (ref: JobRef) =>
    Effect.forkChild(
      Effect.tap(Effect.result(lookup.get(ref)), (result) => Effect.sync(() => results.set(ref, result)))
    )
  const running = yield* Effect.forEach(refs.slice(0, lookAhead), start)
  for (const [index, ref] of refs.entries()) {
    const fiber = running.shift()
    if (fiber === undefined) break
    const result = yield* Fiber.join(fiber)
    const next = refs[index + lookAhead]
    if (next !== undefined) running.push(yield* start(next))
    yield* activity.clear
    yield* printResult(command, ref, result)
    results.delete(ref)
    // A token that is rejected for one job is rejected for all.
    if (Result.isFailure(result) && isUnauthorised(result.failure)) {
      yield* Fiber.interruptAll(running)
      yield* Effect.forEach(refs.slice(index + 1), (other) => printFailure(command, other, result.failure))
      break
    }
  }
  yield* activity.clear
  yield* printer.end
  return ExitCode.worst(codes)
})

const printResult = (command: StatusCommand, ref: JobRef, result: LookupResult) => {
  const { codes, exitCode, printer, report } = command
  if (Result.isSuccess(result)) {
    codes.push(exitCode ? ExitCode.ofPhase(result.success.phase, false) : 0)
    return printer.print(result.success)
  }
  codes.push(ExitCode.ofFailure(result.failure))
  return Effect.andThen(report(result.failure), printFailure(command, ref, result.failure))
}

const printFailure = ({ settings }: StatusCommand, ref: JobRef, failure: Failure) =>
  settings.json ? Streams.use(({ stdout }) => stdout.write(failureJson(ref, failure))) : Effect.void

/** Prints what is known when there is no time for more, and names the jobs whose status is missing, with the reason. */
const printKnown = Effect.fnUntraced(function* (
  command: StatusCommand,
  results: ReadonlyMap<JobRef, LookupResult>,
  timeout?: CommandTimeoutError
): Effect.fn.Return<void, OutputError, Streams> {
  const { activity, codes, lookup, printer, refs } = command
  const { stderr } = yield* Streams
  yield* activity.clear
  const missing: Array<JobRef> = []
  for (const ref of refs.slice(codes.length)) {
    const result = results.get(ref)
    if (result === undefined) missing.push(ref)
    else yield* printResult(command, ref, result)
  }
  yield* printer.end
  const lines = missing.slice(0, maxMissing).map((ref) => {
    const error = lookup.lastError(ref)
    return cleanLine(`${ref}: ${error === undefined ? "no response yet" : problemText(error)}`)
  })
  if (missing.length > maxMissing) lines.push(`and ${missing.length - maxMissing} more`)
  if (lines.length > 0) yield* stderr.write(`Status unknown:\n${lines.map((line) => `  ${line}\n`).join("")}`)
  yield* Effect.forEach(missing, (ref) => {
    const failure = lookup.lastError(ref) ?? timeout
    return failure === undefined ? Effect.void : printFailure(command, ref, failure)
  })
})

/** How many jobs without a status are named on standard error. */
const maxMissing = 20

/** How many jobs are looked up ahead of the one that is to be printed next: each holds its response, and a few kilobytes. */
const lookAhead = 500

const progressText = (refs: ReadonlyArray<JobRef>, known: number) =>
  refs.length === 1 ? `requesting ${cleanLine(String(refs[0]))}` : `requesting ${refs.length} jobs, ${known} answered`
