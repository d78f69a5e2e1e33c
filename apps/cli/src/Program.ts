/**
 * Runs a command as a process: signals, exit code, errors on standard error.
 *
 * @module
 */
import { Cause, Effect, Exit, Layer } from "effect"
import { paintFor } from "./display/Paint.ts"
import { Streams } from "./display/Streams.ts"
import * as ExitCode from "./exit/ExitCode.ts"
import { type Failure, isClosedPipe } from "./exit/Failure.ts"
import { print } from "./exit/Print.ts"
import { dieOf, onSignals } from "./exit/Signals.ts"
import { Environment } from "./input/Environment.ts"
import { type CommandName, type Invocation, isSet } from "./input/Invocation.ts"

type Run = (invocation: Invocation) => Effect.Effect<ExitCode.ExitCode, Failure, Environment | Streams>

const commands: Readonly<Record<CommandName, () => Promise<{ readonly run: Run }>>> = {
  status: () => import("./commands/Status.ts"),
  wait: () => import("./commands/Wait.ts"),
  watch: () => import("./commands/Watch.ts"),
  download: () => import("./commands/Download.ts"),
  simulate: () => import("./commands/Simulate.ts"),
  completions: () => import("./commands/Completions.ts")
}

/** Runs an invocation to its end, which is the process's end. */
export const execute = (invocation: Invocation): void => {
  const program = Effect.gen(function* () {
    const { run } = yield* Effect.promise(commands[invocation.command])
    return yield* run(invocation)
  })
  runToExit(
    Effect.provide(concluded(program), Layer.merge(Streams.layer(isSet(invocation, "no-color")), Environment.layer))
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
  yield* Effect.ignore(stderr.write(failureText(failure, paintFor(stderr))))
})

/** Explains a command line that is not plain: runs it after all, answers it, or says what is wrong with it. */
export const understand = async (args: ReadonlyArray<string>): Promise<void> => {
  const { parseFully } = await import("./input/FullParser.ts")
  const understanding = await Effect.runPromise(parseFully(args))
  if (understanding._tag === "Invocation") return execute(understanding.invocation)
  if (understanding._tag === "Answer") return print(understanding.text)
  process.stderr.on("error", () => {})
  process.stderr.write(understanding.text)
  process.exitCode = 2
}

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
