/**
 * Reads the common command lines without loading `effect/cli`, from a table that is made from the same definition. Whatever is
 * unusual or wrong it leaves to the full parser, which explains it; where both understand, they agree (tested).
 *
 * @module
 */
import { commands } from "../generated/commands.ts"
import type { CommandName, Invocation } from "./Invocation.ts"

/** A command, as the parser needs to know it. */
export interface CommandTable {
  /** The least and the most arguments; null for no limit. */
  readonly operands: readonly [least: number, most: number | null]
  /** The words that arguments are chosen from; none for any text. */
  readonly words: ReadonlyArray<string>
  /** What each flag takes: nothing, any text, or one of these words. */
  readonly flags: Readonly<Record<string, null | "text" | ReadonlyArray<string>>>
  /** Short names. */
  readonly aliases: Readonly<Record<string, string>>
}

/** The invocation that the arguments mean, or undefined when they are not plain enough to tell. */
export const parseQuickly = (args: ReadonlyArray<string>): Invocation | undefined => {
  const [command, ...words] = args
  if (command === undefined || !isCommandName(command)) return undefined
  const table: CommandTable = commands[command]
  const operands: Array<string> = []
  const flags = new Map<string, string | true>()
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ""
    if (!isFlag(word)) {
      operands.push(word)
      continue
    }
    const flag = flagOf(word, table)
    if (flag === undefined || flags.has(flag.name)) return undefined
    const next = words[index + 1]
    if (flag.takes === null) {
      // The full parser takes such a word as the flag's value.
      if (flag.text !== undefined || (next !== undefined && isBooleanWord(next))) return undefined
      flags.set(flag.name, true)
      continue
    }
    const text = flag.text ?? next
    if (text === undefined || (flag.text === undefined && isFlag(text))) return undefined
    if (flag.takes !== "text" && !flag.takes.includes(text)) return undefined
    if (flag.text === undefined) index += 1
    flags.set(flag.name, text)
  }
  const [least, most] = table.operands
  if (operands.length < least || (most !== null && operands.length > most)) return undefined
  if (table.words.length > 0 && operands.some((operand) => !table.words.includes(operand))) return undefined
  return { command, operands, flags }
}

/** Whether a word names a command. */
export const isCommandName = (word: string): word is CommandName => Object.hasOwn(commands, word)

const isFlag = (word: string) =>
  word.startsWith("-") && word !== "-" && !/^-(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word)

const isBooleanWord = (word: string) => /^(?:true|1|y|yes|on|false|0|n|no|off)$/.test(word)

const flagOf = (word: string, { aliases, flags }: CommandTable) => {
  const [, dashes, name = "", text] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? []
  const long = dashes === "--" ? name : Object.hasOwn(aliases, name) ? aliases[name] : undefined
  const takes = long === undefined || !Object.hasOwn(flags, long) ? undefined : flags[long]
  return long === undefined || takes === undefined ? undefined : { name: long, takes, text }
}
