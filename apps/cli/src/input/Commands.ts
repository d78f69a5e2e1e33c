/**
 * The command line, defined once: names, flags, arguments, descriptions and examples. The full parser runs this; what starts
 * faster (`generated/`) is made from it.
 *
 * @module
 */
import { Context, type Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import type { CommandName, Invocation } from "./Invocation.ts"

/** Takes what the command line asked for. */
export class Parsed extends Context.Service<
  Parsed,
  { readonly take: (invocation: Invocation) => Effect.Effect<void> }
>()("@ttd-jobs/cli/Commands/Parsed") {}

const text = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar(metavar),
    Flag.withDescription(description),
    Flag.optional,
    Flag.map(Option.getOrUndefined)
  )

const toggle = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withoutNegation, Flag.withDescription(description), Flag.withDefault(false))

/** The flags of every command that asks the API, in the order of the help. */
export const settings = {
  server: text("server", "SERVER", "prod, sandbox or a URL (WORKFLOWS_SERVER; default: prod)"),
  "token-file": text("token-file", "PATH", "read the token from a file (default: from WORKFLOWS_TTD_AUTH)"),
  "token-stdin": toggle("token-stdin", "read the token from standard input"),
  timeout: text("timeout", "TIME", "how long the whole command may take, such as 90s or 2h (default: no limit)"),
  "request-timeout": text("request-timeout", "TIME", "how long one request may take (default: 30s)"),
  "max-retry-time": text("max-retry-time", "TIME", "how long a failing request is repeated (default: 60s; 0s: never)"),
  json: toggle("json", "print one JSON object per line"),
  quiet: toggle("quiet", "print results and errors only").pipe(Flag.withAlias("q")),
  verbose: toggle("verbose", "show requests and answers, the token masked (WORKFLOWS_DEBUG)").pipe(Flag.withAlias("v")),
  "no-color": toggle("no-color", "no colours and no live progress (NO_COLOR)")
}

const allowPartial = toggle("allow-partial", "count a partial success as a success")
const interval = text("interval", "TIME", "poll at this interval, such as 10s (default: adapts to the job)")
const progress = Flag.Literals("progress", ["auto", "plain", "none"]).pipe(
  Flag.withDescription("how to show progress (default: auto)"),
  Flag.withMetavar("HOW"),
  Flag.optional,
  Flag.map(Option.getOrUndefined)
)

const refForms = "standard:<int64> or a bare integer, graphql-query:<id> (or graphql:<id>), graphql-bulk:<id>"
const refs = Argument.String("ref").pipe(
  Argument.withDescription(`a job: ${refForms}; - reads references from standard input, one a line`),
  Argument.variadic({ min: 1 })
)
const ref = Argument.String("ref").pipe(Argument.withDescription(`the job: ${refForms}`))

/** Hands over a command with its flags: text that was given, and `true`. */
const hand = (command: CommandName, operands: ReadonlyArray<string>, input: Readonly<Record<string, unknown>>) =>
  Parsed.use(({ take }) => {
    const flags = new Map<string, string | true>()
    for (const [name, value] of Object.entries(input)) {
      if (typeof value === "string" || value === true) flags.set(name, value)
    }
    return take({ command, operands, flags })
  })

const root = Command.make("ttd-jobs").pipe(
  Command.withDescription("Job status for The Trade Desk's Workflows API: ask, wait, watch, download."),
  Command.withExamples([
    { description: "Where does a job stand?", command: "ttd-jobs status 412651" },
    { description: "Wait until it has ended, then save its result", command: "ttd-jobs download 412651" },
    { description: "No token at hand? Try it against a simulated API", command: "ttd-jobs simulate" }
  ])
)

const status = Command.make(
  "status",
  {
    refs,
    "exit-code": toggle(
      "exit-code",
      "answer by exit code: 0 succeeded, 10 not ended yet, else as in the table of ttd-jobs --help"
    ),
    ...settings
  },
  ({ refs, ...flags }) => hand("status", refs, flags)
).pipe(
  Command.withDescription("Print where jobs stand."),
  Command.withExamples([
    { description: "One job", command: "ttd-jobs status 412651" },
    {
      description: "Several, of any kind",
      command: "ttd-jobs status standard:412651 graphql-query:7ab2 graphql-bulk:55"
    },
    {
      description: "Thousands: references from a file, one JSON object per line",
      command: "ttd-jobs status --json - < jobs.txt"
    },
    { description: "In a script: is it done?", command: "ttd-jobs status 412651 --exit-code --quiet" }
  ])
)

const wait = Command.make(
  "wait",
  { refs, interval, "allow-partial": allowPartial, progress, ...settings },
  ({ refs, ...flags }) => hand("wait", refs, flags)
).pipe(
  Command.withDescription("Block until all jobs have ended."),
  Command.withExamples([
    { description: "At most two hours", command: "ttd-jobs wait 412651 --timeout 2h" },
    {
      description: "Go on only if all of them succeeded",
      command: "ttd-jobs wait 412651 graphql-query:7ab2 && echo done"
    },
    { description: "Follow the changes from a program", command: "ttd-jobs wait 412651 --json" }
  ])
)

const watch = Command.make(
  "watch",
  {
    refs,
    follow: toggle("follow", "go on watching after all jobs have ended"),
    interval,
    "allow-partial": allowPartial,
    progress,
    ...settings
  },
  ({ refs, ...flags }) => hand("watch", refs, flags)
).pipe(
  Command.withDescription("Show jobs live until all have ended."),
  Command.withExamples([
    { description: "A live table", command: "ttd-jobs watch 412651 graphql-query:7ab2" },
    { description: "Keep every change", command: "ttd-jobs watch --json - < jobs.txt >> changes.ndjson" }
  ])
)

const download = Command.make(
  "download",
  {
    ref,
    output: text(
      "output",
      "PATH",
      "where to save; - writes to standard output (default: the server's name for it, here)"
    ).pipe(Flag.withAlias("o")),
    force: toggle("force", "overwrite a file that exists"),
    interval,
    "allow-partial": allowPartial,
    progress,
    ...settings
  },
  ({ ref, ...flags }) => hand("download", [ref], flags)
).pipe(
  Command.withDescription("Save a job's result; waits for the job to end if it has not."),
  Command.withExamples([
    { description: "Into this directory, under the server's name for it", command: "ttd-jobs download 412651" },
    {
      description: "Where you want it, even if it is there",
      command: "ttd-jobs download 412651 -o report.csv --force"
    },
    { description: "Into a pipe", command: "ttd-jobs download 412651 -o - | gzip > report.csv.gz" }
  ])
)

const simulate = Command.make(
  "simulate",
  {
    port: text("port", "N", "the port to listen on (default: a free one)"),
    speed: text("speed", "N", "how many times faster than real time jobs run (default: 1)"),
    every: text("every", "TIME", "how often one more job starts (default: 30s; 0s: never)"),
    faults: text("faults", "PERCENT", "how many of the requests meet a fault (default: 0)"),
    seed: text("seed", "TEXT", "what ids and faults are drawn from, to repeat a run (default: simulator)"),
    json: settings.json
  },
  (flags) => hand("simulate", [], flags)
).pipe(
  Command.withDescription("Run a simulated API on this machine, and print how to use it."),
  Command.withExamples([
    { description: "On a free port", command: "ttd-jobs simulate" },
    { description: "On a port of your choice, ten times as fast", command: "ttd-jobs simulate --port 4010 --speed 10" },
    { description: "A bad day: every fifth request goes wrong", command: "ttd-jobs simulate --faults 20" }
  ])
)

const completions = Command.make(
  "completions",
  { shell: Argument.Literals("shell", ["bash", "zsh", "fish"]).pipe(Argument.withDescription("bash, zsh or fish")) },
  ({ shell }) => hand("completions", [shell], {})
).pipe(
  Command.withDescription("Print what a shell needs to complete this command line."),
  Command.withExamples([
    { description: "bash: put this line into ~/.bashrc", command: "source <(ttd-jobs completions bash)" },
    { description: "zsh: into a directory of your $fpath", command: "ttd-jobs completions zsh > _ttd-jobs" },
    { description: "fish: into ~/.config/fish/completions", command: "ttd-jobs completions fish > ttd-jobs.fish" }
  ])
)

/** The whole command line. Running it parses: the handlers only say what was asked for. */
export const ttdJobs = root.pipe(Command.withSubcommands([status, wait, watch, download, simulate, completions]))
