/**
 * Parses the command line with `node:util` `parseArgs`, by the table of commands.
 *
 * @module
 */
// Not by name: a version of Node that lacks it could not even be refused.
import util from "node:util"
import {
  type CommandName,
  commandNames,
  commands,
  type Flags,
  flagText,
  type Invocation,
  type Options
} from "./Commands.ts"
import { didYouMean, nearest } from "./DidYouMean.ts"
import { alternatives, type Flag } from "./Flag.ts"

/** What a command line asks for. */
export type Parsed =
  | { readonly _tag: "Run"; readonly invocation: Invocation }
  | { readonly _tag: "Help"; readonly command: CommandName | undefined }
  | { readonly _tag: "Version" }
  | Mistake

/** A command line that is invalid: why, and what to do. */
export interface Mistake {
  readonly _tag: "Mistake"
  readonly message: string
  readonly advice: string
}

/** Parses the arguments of the process. Flags may stand before and after the command. */
export const parse = (args: ReadonlyArray<string>): Parsed => {
  if (hasToken(args)) return tokenMistake
  const { tokens } = util.parseArgs({
    args: [...args],
    options: allFlags,
    strict: false,
    allowPositionals: true,
    tokens: true
  })
  const given = tokens.filter((token) => token.kind === "option")
  const [word, ...operands] = tokens.filter((token) => token.kind === "positional").map(({ value }) => value)
  const isGiven = (name: string) => given.some((flag) => flag.name === name)
  if (word === "version" || (isGiven("version") && !isGiven("help"))) return { _tag: "Version" }
  if (word === undefined) {
    if (isGiven("help")) return { _tag: "Help", command: undefined }
    return withoutCommand(given[0])
  }
  const [name, ...rest] = word === "help" ? operands : [word, ...operands]
  if (name === undefined) return { _tag: "Help", command: undefined }
  if (!isCommandName(name)) return unknownCommand(name)
  if (word === "help" || isGiven("help")) {
    const [unexpected] = word === "help" ? rest : []
    return unexpected === undefined ? { _tag: "Help", command: name } : unexpectedArgument(unexpected, "help")
  }
  return readCommand(name, rest, given)
}

/** An invocation with the values of flags that are not given. */
export const invocationOf = <Name extends CommandName>(
  command: Name,
  operands: ReadonlyArray<string>,
  options: Partial<Options<Name>> = {}
): Invocation<Name> => ({ command, operands, options: optionsWith<Options<Name>>(commands[command].flags, options) })

/** Whether a word names a command. */
const isCommandName = (word: string): word is CommandName => Object.hasOwn(commands, word)

/** A flag as it was given. */
interface GivenFlag {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

const readCommand = (
  command: CommandName,
  operands: ReadonlyArray<string>,
  given: ReadonlyArray<GivenFlag>
): Parsed => {
  const { flags, operand } = commands[command]
  const values = new Map<string, unknown>()
  for (const each of given) {
    const read = readFlag(command, flags, each)
    if ("_tag" in read) return read
    values.set(read.name, read.value)
  }
  if (operand === undefined) {
    if (operands[0] !== undefined) return unexpectedArgument(operands[0], command)
  } else {
    if (operands.length === 0) return mistake(`missing argument <${operand.name}>: ${operand.description}`, command)
    const unexpected = operands[operand.max]
    if (unexpected !== undefined) return unexpectedArgument(unexpected, command)
    const unknown = operand.words.length === 0 ? undefined : operands.find((word) => !operand.words.includes(word))
    if (unknown !== undefined) {
      const meant = didYouMean(nearest(unknown, operand.words))
      return mistake(
        `invalid ${operand.name} ${JSON.stringify(unknown)} (expected ${alternatives(operand.words)})${meant}`,
        command
      )
    }
  }
  return { _tag: "Run", invocation: invocationOf(command, operands, Object.fromEntries(values)) }
}

const readFlag = (
  command: CommandName,
  flags: Flags,
  { inlineValue, name: written, rawName, value }: GivenFlag
): Mistake | { readonly name: string; readonly value: unknown } => {
  const [name, flag] = Object.entries(flags).find(([name]) => flagText(name) === `--${written}`) ?? []
  if (name === undefined || flag === undefined) return unknownFlag(command, flags, rawName)
  if (flag.metavar === undefined && inlineValue !== true) return { name, value: true }
  // "--timeout --json" lacks a value; "-o -" does not.
  const isMissing = value === undefined || value === "" || (inlineValue !== true && /^-./.test(value))
  if (isMissing) return mistake(`${flagText(name)} needs a value${valueHint(flag)}`, command)
  const reading = flag.read(value)
  if (reading.valid) return { name, value: reading.value }
  const meant = Array.isArray(flag.completes) ? didYouMean(nearest(value, flag.completes)) : ""
  return mistake(
    `invalid ${reading.noun} ${JSON.stringify(value)} for ${flagText(name)}${reading.reason}${meant}`,
    command
  )
}

const valueHint = ({ completes, metavar = "" }: Flag<unknown>) =>
  Array.isArray(completes) ? ` (expected ${alternatives(completes)})` : `: ${metavar}`

const unknownFlag = (command: CommandName, flags: Flags, written: string): Mistake => {
  const own = [...Object.keys(flags).map(flagText), "--help", "--version"]
  const owners = commandNames.filter((name) => Object.keys(commands[name].flags).map(flagText).includes(written))
  if (owners.length > 0) {
    return mistake(`unknown flag ${written} for ${command}; it is a flag of ${listed(owners)}`, command)
  }
  return mistake(
    `unknown flag ${written}${didYouMean(written === "-V" ? ["--version"] : nearest(written, own))}`,
    command
  )
}

const withoutCommand = (first: GivenFlag | undefined): Parsed => {
  if (first === undefined) return mistake("no command given", undefined)
  const known = Object.hasOwn(allFlags, first.name)
  const meant = first.rawName === "-V" ? ["--version"] : nearest(first.rawName, ["--help", "--version"])
  if (!known) return mistake(`unknown flag ${first.rawName}${didYouMean(meant)}`, undefined)
  return mistake("no command given", undefined)
}

const unknownCommand = (word: string): Mistake =>
  mistake(`unknown command ${word}${didYouMean(nearest(word, [...commandNames, "help"]))}`, undefined)

const unexpectedArgument = (word: string, command: CommandName | "help") =>
  mistake(`unexpected argument ${JSON.stringify(word)}`, command)

const mistake = (message: string, command: CommandName | "help" | undefined): Mistake => ({
  _tag: "Mistake",
  message,
  advice: `See ttd-jobs ${command === undefined || command === "help" ? "" : `${command} `}--help`
})

const listed = (words: ReadonlyArray<string>) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`

/** A token as an argument is refused first of all, so that no message can repeat it. */
const hasToken = (args: ReadonlyArray<string>) => {
  const end = args.indexOf("--")
  return args.slice(0, end === -1 ? undefined : end).some((arg) => arg === "--token" || arg.startsWith("--token="))
}

const tokenMistake: Mistake = {
  _tag: "Mistake",
  message: "a token cannot be given as an argument",
  advice: `Every user of this machine can read the arguments of a process, and shells keep them. Set
  WORKFLOWS_TTD_AUTH, or use --token-file PATH or --token-stdin. If this token was typed or stored
  anywhere, revoke it.`
}

/** The flags of all commands. A flag has the same form in each that has it. */
const allFlags: NonNullable<util.ParseArgsConfig["options"]> = Object.fromEntries([
  ["help", { type: "boolean", short: "h" }],
  ["version", { type: "boolean" }],
  ...Object.values(commands).flatMap(({ flags }) =>
    Object.entries<Flag<unknown>>(flags).map(([name, { metavar, short }]) => [
      flagText(name).slice(2),
      { type: metavar === undefined ? "boolean" : "string", ...(short === undefined ? {} : { short }) }
    ])
  )
])

// The overload says what the compiler cannot see: flags and options of a command have the same names, and a flag's value when it is
// absent has the type of its value.
function optionsWith<O>(flags: Flags, given: Partial<O>): O
function optionsWith(flags: Flags, given: object): object {
  const absent = Object.entries(flags).map(([name, { absent }]) => [name, absent])
  return { ...Object.fromEntries(absent), ...given }
}
