/**
 * Runs a command as a process: signals, exit code, errors on standard error.
 *
 * @module
 */
import { Cause, Effect, Exit, Layer } from "effect"
import { paintFor } from "./display/Paint.ts"
import { Streams, wrapWidth } from "./display/Streams.ts"
import * as ExitCode from "./exit/ExitCode.ts"
import { type Failure, isClosedPipe } from "./exit/Failure.ts"
import { dieOf, onSignals } from "./exit/Signals.ts"
import type { CommandName, Invocation } from "./input/Commands.ts"
import { Environment } from "./input/Environment.ts"

type Run<Name extends CommandName> = (
  invocation: Invocation<Name>
) => Effect.Effect<ExitCode.ExitCode, Failure, Environment | Streams>

type Runners = { readonly [Name in CommandName]: () => Promise<{ readonly run: Run<Name> }> }

const runners: Runners = {
  status: () => import("./commands/Status.ts"),
  wait: () => import("./commands/Wait.ts"),
  watch: () => import("./commands/Watch.ts"),
  download: () => import("./commands/Download.ts"),
  simulate: () => import("./commands/Simulate.ts"),
  completions: () => import("./commands/Completions.ts")
}

/** Runs an invocation to its end, which is the process's end. */
export const execute = <Name extends CommandName>(invocation: Invocation<Name>): void => {
  const program = Effect.gen(function* () {
    const { run } = yield* Effect.promise<{ readonly run: Run<Name> }>(runners[invocation.command])
    return yield* run(invocation)
  })
  runToExit(
    Effect.provide(concluded(program), Layer.merge(Streams.layer(hasNoColor(invocation.options)), Environment.layer))
  )
}

/** A program that reports its failure and ends with the exit code of it. */
export const concluded = <R>(
  program: Effect.Effect<ExitCode.ExitCode, Failure, R>
): Effect.Effect<ExitCode.ExitCode, never, R | Streams> =>
  Effect.catch(program, (failure) =>
    Effect.as(isClosedPipe(failure) ? Effect.void : report(failure), ExitCode.ofFailure(failure))
  )

const report = Effect.fnUntraced(function* (failure: Failure) {
  const { stderr } = yield* Streams
  const { failureText } = yield* Effect.promise(() => import("./exit/FailureText.ts"))
  yield* Effect.ignore(stderr.write(failureText(failure, paintFor(stderr), { columns: wrapWidth(stderr) })))
})

const hasNoColor = (options: object) => "noColor" in options && options.noColor === true

/** Runs a program until it ends or a signal ends it; then the process ends. */
export const runToExit = (program: Effect.Effect<ExitCode.ExitCode>): void => {
  const fiber = Effect.runFork(program)
  const received = onSignals(() => fiber.interruptUnsafe())
  fiber.addObserver((exit) => {
    if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) {
      process.stderr.write(`error: ${Cause.pretty(exit.cause)}\n  This is a defect of ttd-jobs: please report it.\n`)
    }
    const signal = received()
    if (signal !== undefined) dieOf(signal)
    else process.exit(Exit.isSuccess(exit) ? exit.value : 1)
  })
}
