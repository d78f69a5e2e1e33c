/**
 * A tour of the command line: jobs are watched until they have ended, and one result is saved.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Fault, type FaultRule, Simulator } from "@ttd-jobs/simulator"
import { Effect, Layer } from "effect"
import { withCommandContext } from "./client/CommandContext.ts"
import { codeOf, followJobs } from "./client/FollowedJobs.ts"
import { run as save } from "./commands/Download.ts"
import { sampleJobs } from "./commands/SampleJobs.ts"
import { paintFor } from "./display/Paint.ts"
import { Streams } from "./display/Streams.ts"
import { meanings } from "./exit/ExitCodeTable.ts"
import type { Invocation } from "./input/Commands.ts"
import { Environment } from "./input/Environment.ts"
import { invocationOf } from "./input/Parser.ts"
import { readReferences } from "./input/References.ts"
import { tokenVariable } from "./input/TokenSource.ts"
import { concluded, runToExit } from "./Program.ts"

/** Runs it as the process's only work. */
export const demonstrate = (): void => {
  const layer = Layer.merge(
    Streams.layer(false),
    Layer.provideMerge(simulatedEnvironment, Layer.orDie(Simulator.layer()))
  )
  runToExit(Effect.provide(demonstration, layer))
}

/** How long the slowest of the jobs takes, in seconds. */
const slowest = 25

/** Faults of a busy service. None of them ends a wait or a download. */
const faults: ReadonlyArray<FaultRule> = [
  { fault: Fault.unknownStatus("Optimizing"), on: "graphql-bulk:55", skip: 3, times: 3 },
  { fault: Fault.connectionReset, on: "standard:412651", skip: 3 },
  { fault: Fault.serverError(503, 2), on: "standard:412652", skip: 4 },
  { fault: Fault.htmlPage(502), on: "graphql-query:7ab2", skip: 2 },
  { fault: Fault.truncatedBody(9_000_000), on: "files" },
  { fault: Fault.slowBody({ bytes: 400_000, every: "40 millis" }), on: "files" }
]

const demonstration = Effect.gen(function* () {
  const { addJob, addFaults } = yield* Simulator
  const refs = yield* Effect.forEach(sampleJobs(slowest), (sample) => Effect.map(addJob(sample.script), String))
  yield* addFaults(faults)
  yield* print(
    (bold) => `${bold("Job status, shown on a simulated API.")} Nothing leaves this machine.
${refs.length} jobs were submitted just now. Some of them will fail, and so will some of the
requests, which ends no wait.

`
  )
  const code = yield* watch(invocationOf("watch", refs))
  yield* print((bold) => `\nIn a script the exit code would be ${bold(String(code))}: ${meanings[code]}.\n`)
  yield* print((bold) => `\n${bold("ttd-jobs download standard:412652")}\n`)
  yield* save(invocationOf("download", ["standard:412652"], { output: yield* newFile }))
  yield* print(() => "The file is removed again now.\n")
  yield* print(whereToGo)
  return 0 as const
}).pipe(Effect.scoped, concluded)

/** A file in a directory of its own, gone when the demonstration is over. */
const newFile = Effect.map(
  Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "ttd-jobs-"))),
    (directory) => Effect.promise(() => rm(directory, { recursive: true }))
  ),
  (directory) => join(directory, "campaigns.csv")
)

/** The same as `ttd-jobs watch`, without the hint how to resume: these jobs end with the demonstration. */
const watch = (invocation: Invocation<"watch">) =>
  withCommandContext(
    invocation,
    Effect.fnUntraced(function* (context) {
      const refs = yield* readReferences(invocation.operands)
      const { all, display } = yield* followJobs(invocation, refs, context, true)
      const outcomes = yield* all
      yield* display.finish
      return codeOf(outcomes, invocation.options)
    }, Effect.scoped)
  )

const print = Effect.fnUntraced(function* (text: (bold: (text: string) => string) => string) {
  const { stdout } = yield* Streams
  yield* stdout.write(text((part) => paintFor(stdout)("bold", part)))
})

const whereToGo = (bold: (text: string) => string) => `
${bold("Where to go next")}
  npm start -- --help                           all commands
  npm start -- simulate                         a simulated API that stays

With a token of the platform's, the same with real jobs:
  export ${tokenVariable}=...
  npm start -- status 412651 --server sandbox   a weekly copy of production
  npm start -- watch 412651 graphql-bulk:55     production itself
`

/** The environment of a user who has pointed the command line at the simulator. */
const simulatedEnvironment = Layer.effect(
  Environment,
  Effect.gen(function* () {
    const { token, url } = yield* Simulator
    const real = yield* Environment
    return { ...real, env: { ...real.env, WORKFLOWS_SERVER: url, [tokenVariable]: token, WORKFLOWS_DEBUG: "" } }
  })
).pipe(Layer.provide(Environment.layer))
