/**
 * What the commands that ask the API share: settings, a client, errors told on standard error, and the limit on the whole.
 *
 * @module
 */
import { JobStatus } from "@ttd-jobs/core"
import { Effect } from "effect"
import { paintFor } from "../display/Paint.ts"
import { type Stream, Streams, wrapWidth } from "../display/Streams.ts"
import * as ExitCode from "../exit/ExitCode.ts"
import { CommandTimeoutError, type Failure, isClosedPipe } from "../exit/Failure.ts"
import type { Environment } from "../input/Environment.ts"
import type { GivenDuration } from "../input/Flag.ts"
import { readSettings, type Settings, type SettingsInput } from "../input/Settings.ts"
import { fetchThrough } from "./Connections.ts"

/** What a command is given. */
export interface CommandContext {
  readonly settings: Settings
  /** Exit codes of what is known so far: they count also when standard output fails. */
  readonly codes: Array<ExitCode.ExitCode>
  /** Tells a failure that does not end the command. */
  readonly report: (failure: Failure) => Effect.Effect<void>
  /** Holds an effect to `--timeout`. */
  readonly limit: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | CommandTimeoutError, R>
}

/** Runs a command with a client of its own. What ends it is told with the token's source, which nobody else knows. */
export const withCommandContext = <R>(
  invocation: SettingsInput,
  run: (context: CommandContext) => Effect.Effect<ExitCode.ExitCode, Failure, R>
): Effect.Effect<ExitCode.ExitCode, Failure, Exclude<R, JobStatus> | Environment | Streams> =>
  Effect.gen(function* () {
    const settings = yield* readSettings(invocation)
    const { stderr } = yield* Streams
    const proxied = yield* fetchThrough(settings.proxies)
    const fetch = settings.verbose ? yield* verbose(settings, stderr, proxied) : proxied
    const told = new Set<string>()
    /** Hundreds of jobs that fail alike need the same advice, once. */
    const isKnown = (advice: string) => {
      const isTold = told.has(advice)
      told.add(advice)
      return isTold
    }
    const context: CommandContext = {
      settings,
      codes: [],
      report: (failure) =>
        Effect.flatMap(
          Effect.promise(() => import("../exit/FailureText.ts")),
          ({ failureText }) =>
            Effect.ignore(
              stderr.write(failureText(failure, paintFor(stderr), { ...settings, isKnown, columns: wrapWidth(stderr) }))
            )
        ),
      limit: limitTo(settings.timeout)
    }
    return yield* Effect.provide(run(context), JobStatus.layer({ ...settings.client, fetch })).pipe(
      Effect.catch((failure) =>
        Effect.as(
          isClosedPipe(failure) ? Effect.void : context.report(failure),
          ExitCode.worst([...context.codes, ExitCode.ofFailure(failure)])
        )
      )
    )
  })

const verbose = ({ token }: Settings, stderr: Stream, fetch: typeof globalThis.fetch | undefined) =>
  Effect.map(
    Effect.promise(() => import("./VerboseFetch.ts")),
    ({ verboseFetch }) => verboseFetch(token?.value, stderr.send, fetch)
  )

const limitTo =
  (timeout: GivenDuration | undefined): CommandContext["limit"] =>
  (effect) =>
    timeout === undefined
      ? effect
      : Effect.timeoutOrElse(effect, {
          duration: timeout.millis,
          orElse: () => Effect.fail(new CommandTimeoutError({ timeout: timeout.text }))
        })
