/**
 * What a command line asks for, as both parsers give it: words, not yet their meaning.
 *
 * @module
 */
import type { commands } from "../generated/commands.ts"

/** The name of a command. */
export type CommandName = keyof typeof commands

/** The long name of a flag, of any command. */
export type FlagName = { [Name in CommandName]: keyof (typeof commands)[Name]["flags"] }[CommandName]

/** A command with its arguments and flags. */
export interface Invocation {
  readonly command: CommandName
  /** The arguments that are no flags, in order. */
  readonly operands: ReadonlyArray<string>
  /** The flags that were given: their text, or `true` for those that take none. */
  readonly flags: ReadonlyMap<string, string | true>
}

/** Whether a flag without a value was given. */
export const isSet = (invocation: Invocation, name: FlagName): boolean => invocation.flags.get(name) === true

/** The text of a flag with a value, if it was given. */
export const textOf = (invocation: Invocation, name: FlagName): string | undefined => {
  const text = invocation.flags.get(name)
  return text === true ? undefined : text
}
