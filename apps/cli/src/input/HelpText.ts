/**
 * The help of the program and of each command: examples first, at most 80 columns wide.
 *
 * @module
 */
import util from "node:util"
import { meanings } from "../exit/ExitCodeTable.ts"
import { type CommandName, commandNames, commands, type Flags, flagText, settings } from "./Commands.ts"

/** The help of a command, or of the whole program; on a terminal with bold headings. */
export const helpText = (name: CommandName | undefined, hasColor: boolean): string => {
  const sections = name === undefined ? programSections : commandSections(name)
  const bold = (title: string) => (hasColor ? util.styleText("bold", title, { validateStream: false }) : title)
  return sections
    .filter(({ body }) => body !== "")
    .map(({ body, title }) => (title === undefined ? `${body}\n` : `${bold(title)}\n${body}\n`))
    .join("\n")
}

interface Section {
  readonly title?: string
  readonly body: string
}

type Row = readonly [left: string, right: string]

const helpRows: ReadonlyArray<Row> = [
  ["-h, --help", "print this help"],
  ["    --version", "print the version"]
]

const commandSections = (name: CommandName): ReadonlyArray<Section> => {
  const { description, examples, flags, operand } = commands[name]
  const usage = ["  ttd-jobs", name, "[flags]", ...(operand === undefined ? [] : [operandText(operand)])].join(" ")
  return [
    { body: description },
    { title: "EXAMPLES", body: exampleText(examples) },
    { title: "USAGE", body: usage },
    {
      title: "ARGUMENTS",
      body: operand === undefined ? "" : rows([[operandText(operand), operand.description]])
    },
    { title: "FLAGS", body: rows(flagRows(flags, (flag) => !Object.hasOwn(settings, flag))) },
    { title: "SETTINGS", body: rows(flagRows(flags, (flag) => Object.hasOwn(settings, flag))) },
    { title: "HELP", body: rows(helpRows) }
  ]
}

const operandText = ({ max, name }: { readonly max: number; readonly name: string }) =>
  `<${name}>${max > 1 ? "..." : ""}`

const exampleText = (examples: ReadonlyArray<{ readonly description: string; readonly command: string }>) =>
  examples.map(({ command, description }) => `  # ${description}\n  ${command}`).join("\n\n")

const flagRows = (flags: Flags, isWanted: (name: string) => boolean): ReadonlyArray<Row> =>
  Object.entries(flags)
    .filter(([name]) => isWanted(name))
    .map(([name, { description, metavar, short }]) => [
      [short === undefined ? "   " : `-${short},`, flagText(name), metavar ?? ""].join(" ").trimEnd(),
      description
    ])

/** The environment variables that the program reads. */
export const variables: ReadonlyArray<Row> = [
  ["WORKFLOWS_TTD_AUTH", "the token of the API (TTD-Auth)"],
  ["WORKFLOWS_SERVER", "prod, sandbox or a URL, if there is no --server"],
  ["WORKFLOWS_DEBUG", "1: print requests and responses, as --verbose does"],
  ["HTTPS_PROXY, HTTP_PROXY", "the proxy for requests, as host:port or URL"],
  ["NO_PROXY", "hosts that need no proxy"],
  ["NODE_EXTRA_CA_CERTS", "file of certificates to trust besides the usual ones"],
  ["NO_COLOR, FORCE_COLOR", "no colours; colours without a terminal too"]
]

/** The servers that have names. */
export const serverUrls: ReadonlyArray<Row> = [
  ["prod", "https://api.thetradedesk.com/workflows (default)"],
  ["sandbox", "https://ext-api.sb.thetradedesk.com/workflows (a weekly copy of prod)"]
]

const programSections: ReadonlyArray<Section> = [
  { body: "Job status for The Trade Desk's Workflows API: status, wait, watch, download." },
  {
    title: "EXAMPLES",
    body: exampleText([
      { description: "Where does a job stand?", command: "ttd-jobs status 412651" },
      { description: "Wait until it has ended, then save its result", command: "ttd-jobs download 412651" },
      { description: "No token at hand? Try it against a simulated API", command: "ttd-jobs simulate" }
    ])
  },
  { title: "USAGE", body: "  ttd-jobs <command> [flags] [<argument>...]" },
  { title: "COMMANDS", body: rows([...commandNames.map((name): Row => [name, commands[name].description])]) },
  { body: "  ttd-jobs help <command> lists the flags of a command, with examples." },
  {
    title: "TOKEN",
    body: wrap(
      "Set WORKFLOWS_TTD_AUTH, or use --token-file PATH or --token-stdin. Create tokens in the platform's developer pages; they end after a week to a year.",
      78
    )
      .map((line) => `  ${line}`)
      .join("\n")
  },
  { title: "SERVERS", body: rows(serverUrls) },
  { title: "ENVIRONMENT", body: rows(variables) },
  { title: "HELP", body: rows(helpRows) },
  { title: "EXIT CODES", body: rows(Object.entries(meanings)) }
]

function rows(entries: ReadonlyArray<Row>): string {
  const width = Math.max(0, ...entries.map(([left]) => left.length))
  return entries
    .map(([left, right]) => {
      const lines = wrap(right, 75 - width)
      return `  ${left.padEnd(width)}   ${lines.join(`\n${" ".repeat(width + 5)}`)}`.trimEnd()
    })
    .join("\n")
}

function wrap(text: string, width: number): ReadonlyArray<string> {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line]
}
