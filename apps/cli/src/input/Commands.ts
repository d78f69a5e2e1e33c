/**
 * The command line as one table: commands, arguments, flags, descriptions and examples. The parser, the help, the completions and the
 * tables of the README come from it.
 *
 * @module
 */
import { choice, duration, type Flag, number, text, toggle } from "./Flag.ts"

/** Flags by name, in the order of the help: `requestTimeout` is written `--request-timeout`. */
export type Flags = Readonly<Record<string, Flag<unknown>>>

/** The values of flags. */
export type OptionsOf<F extends Flags> = { readonly [Name in keyof F]: F[Name] extends Flag<infer A> ? A : never }

/** A command. */
export interface Command<F extends Flags = Flags> {
  readonly description: string
  readonly examples: ReadonlyArray<Example>
  readonly operand: Operand | undefined
  readonly flags: F
}

/** A command line and what it is for. */
export interface Example {
  readonly description: string
  readonly command: string
}

/** What the arguments of a command are. */
export interface Operand {
  readonly name: string
  readonly description: string
  readonly max: number
  /** The words that an argument is chosen from; none for any text. */
  readonly words: ReadonlyArray<string>
}

/** The flags of every command that sends requests. */
export const settings = {
  server: text("SERVER", "prod, sandbox or a URL (WORKFLOWS_SERVER; default: prod)", {
    completes: ["prod", "sandbox"]
  }),
  tokenFile: text("PATH", "read the token from a file (default: from WORKFLOWS_TTD_AUTH)", { completes: "files" }),
  tokenStdin: toggle("read the token from standard input; without echo on a terminal"),
  timeout: duration("limit for the whole command, such as 90s or 2h (default: none)", 1),
  requestTimeout: duration("limit for one request (default: 30s); for a file, without any byte (default: 60s)", 1),
  maxRetryTime: duration("how long a failing request is retried (default: 60s; 0s: never)", 0),
  json: toggle("print one JSON object per line"),
  quiet: toggle("print results and errors only", { short: "q" }),
  verbose: toggle("print requests and responses, secrets redacted (WORKFLOWS_DEBUG)", { short: "v" }),
  noColor: toggle("no colours (NO_COLOR)")
}

const allowPartial = toggle("count a partial success as a success")
const interval = duration("poll at this interval, such as 10s (default: adapts to the job)", 1000)
const progress = choice("HOW", ["auto", "plain", "none"], "show progress as auto, plain or none (default: auto)")

const refForms = "standard:<int64> or a bare integer, graphql-query:<id> (or graphql:<id>), graphql-bulk:<id>"

const refs: Operand = {
  name: "ref",
  description: `a job: ${refForms}; - reads references from standard input, one per line`,
  max: Number.POSITIVE_INFINITY,
  words: []
}

/** The shells that completions are made for. */
export const shells = ["bash", "zsh", "fish"] as const

const shell: Operand = { name: "shell", description: "bash, zsh or fish", max: 1, words: shells }

const command = <F extends Flags>(command: Command<F>): Command<F> => command

/** Every command. */
export const commands = {
  status: command({
    description: "Print the current status of jobs.",
    examples: [
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
    ],
    operand: refs,
    flags: {
      exitCode: toggle("report the phase by exit code: 0 succeeded, 10 not ended, else see ttd-jobs --help"),
      ...settings
    }
  }),
  wait: command({
    description: "Wait until all jobs have ended.",
    examples: [
      { description: "At most two hours", command: "ttd-jobs wait 412651 --timeout 2h" },
      {
        description: "Continue only if all of them succeeded",
        command: "ttd-jobs wait 412651 graphql-query:7ab2 && echo done"
      },
      { description: "Follow the changes from a program", command: "ttd-jobs wait 412651 --json" }
    ],
    operand: refs,
    flags: { interval, allowPartial, progress, ...settings }
  }),
  watch: command({
    description: "Show jobs live until all have ended.",
    examples: [
      { description: "A live table", command: "ttd-jobs watch 412651 graphql-query:7ab2" },
      { description: "Keep every change", command: "ttd-jobs watch --json - < jobs.txt >> changes.ndjson" }
    ],
    operand: refs,
    flags: {
      follow: toggle("keep watching after all jobs have ended"),
      interval,
      allowPartial,
      progress,
      ...settings
    }
  }),
  download: command({
    description: "Save a job's result; waits for the job to end if it has not.",
    examples: [
      { description: "Into this directory, under the server's name for it", command: "ttd-jobs download 412651" },
      {
        description: "Under a name of your choice, replacing what is there",
        command: "ttd-jobs download 412651 -o report.csv --force"
      },
      { description: "Into a pipe", command: "ttd-jobs download 412651 -o - | gzip > report.csv.gz" }
    ],
    operand: { ...refs, description: `the job: ${refForms}`, max: 1 },
    flags: {
      output: text("PATH", "where to save; - is standard output (default: the server's name for it, here)", {
        short: "o",
        completes: "files"
      }),
      force: toggle("overwrite a file that exists"),
      interval,
      allowPartial,
      progress,
      ...settings
    }
  }),
  simulate: command({
    description: "Run a simulated API on this machine and print how to use it.",
    examples: [
      { description: "On a free port", command: "ttd-jobs simulate" },
      {
        description: "On a port of your choice, ten times as fast",
        command: "ttd-jobs simulate --port 4010 --speed 10"
      },
      { description: "A bad day: every fifth request fails", command: "ttd-jobs simulate --faults 20" }
    ],
    operand: undefined,
    flags: {
      port: number("N", "the port to listen on (default: a free one)", "a whole number from 0 to 65535", (port) =>
        Number.isInteger(port) ? port <= 65_535 : false
      ),
      speed: number(
        "N",
        "how many times faster than real time jobs run (default: 1)",
        "a number above 0",
        (speed) => speed > 0
      ),
      every: duration("how often one more job starts (default: 30s; 0s: never)", 0),
      faults: number(
        "PERCENT",
        "percentage of requests that meet a fault (default: 0)",
        "a number from 0 to 100",
        (rate) => rate <= 100
      ),
      seed: text("TEXT", "seed of ids and faults, to repeat a run (default: simulator)"),
      json: settings.json
    }
  }),
  completions: command({
    description: "Print a script that completes this command line in a shell.",
    examples: [
      { description: "bash: add this line to ~/.bashrc", command: "source <(ttd-jobs completions bash)" },
      { description: "zsh: into a directory of your $fpath", command: "ttd-jobs completions zsh > _ttd-jobs" },
      { description: "fish: into ~/.config/fish/completions", command: "ttd-jobs completions fish > ttd-jobs.fish" }
    ],
    operand: shell,
    flags: {}
  })
}

/** The name of a command. */
export type CommandName = keyof typeof commands

/** The names of all commands, in the order of the help. */
export const commandNames: ReadonlyArray<CommandName> = [
  "status",
  "wait",
  "watch",
  "download",
  "simulate",
  "completions"
]

/** The values of a command's flags. */
export type Options<Name extends CommandName> = OptionsOf<(typeof commands)[Name]["flags"]>

/** The values of the flags that every command with requests has. */
export type SettingsOptions = OptionsOf<typeof settings>

/** A command with its arguments and options. */
export interface Invocation<Name extends CommandName = CommandName> {
  readonly command: Name
  readonly operands: ReadonlyArray<string>
  readonly options: Options<Name>
}

/** A flag as it is written: `requestTimeout` is `--request-timeout`. */
export const flagText = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
