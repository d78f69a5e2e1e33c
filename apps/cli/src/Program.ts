/**
 * Runs a command as a process: signals in, exit code out, everything written before the end.
 *
 * @module
 */
import { Cause, Effect, Exit, Layer } from "effect"
import { paintFor } from "./display/Paint.ts"
import { type ClosedPipeError, Streams } from "./display/Streams.ts"
import * as ExitCode from "./exit/ExitCode.ts"
import type { Failure } from "./exit/Failure.ts"
import { Environment } from "./input/Environment.ts"
import { type CommandName, type Invocation, isSet } from "./input/Invocation.ts"

type Run = (
  invocation: Invocation
) => Effect.Effect<ExitCode.ExitCode, Failure | ClosedPipeError, Environment | Streams>

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

/** A program that tells what it failed with, and ends with the code for that. */
export const concluded = <R>(
  program: Effect.Effect<ExitCode.ExitCode, Failure | ClosedPipeError, R>
): Effect.Effect<ExitCode.ExitCode, never, R | Streams> =>
  program.pipe(
    // Nobody reads any more: that is no error.
    Effect.catchTag("ClosedPipeError", () => Effect.succeed(0 as const)),
    Effect.catch((failure) => Effect.as(tell(failure), ExitCode.ofFailure(failure)))
  )

const tell = Effect.fnUntraced(function* (failure: Failure) {
  const { stderr } = yield* Streams
  const { failureText } = yield* Effect.promise(() => import("./exit/FailureText.ts"))
  yield* Effect.ignore(stderr.write(failureText(failure, paintFor(stderr))))
})

/** Explains a command line that is not plain: runs it after all, answers it, or says what is wrong with it. */
export const understand = async (args: ReadonlyArray<string>): Promise<void> => {
  const { parseFully } = await import("./input/FullParser.ts")
  const understanding = await Effect.runPromise(parseFully(args))
  if (understanding._tag === "Invocation") return execute(understanding.invocation)
  const isAnswer = understanding._tag === "Answer"
  const stream = isAnswer ? process.stdout : process.stderr
  stream.on("error", () => {})
  stream.write(understanding.text)
  process.exitCode = isAnswer ? 0 : 2
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Runs a program until it ends or a signal ends it; then the process ends. */
export const runToExit = (program: Effect.Effect<ExitCode.ExitCode>): void => {
  const fiber = Effect.runFork(program)
  let signalled: number | undefined
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => {
      // A second one does not wait for anything.
      if (signalled !== undefined) process.exit(code)
      signalled = code
      fiber.interruptUnsafe()
    })
  }
  fiber.addObserver((exit) => {
    if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) {
      process.stderr.write(`error: ${Cause.pretty(exit.cause)}\n  This is a defect of ttd-jobs: please report it.\n`)
    }
    process.exit(signalled ?? (Exit.isSuccess(exit) ? exit.value : 1))
  })
}
