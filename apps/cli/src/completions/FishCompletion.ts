/**
 * The completion script for fish.
 *
 * @module
 */
import { type CommandName, commandNames, commands, flagText } from "../input/Commands.ts"
import type { Flag } from "../input/Flag.ts"

/** The script. */
export const fishCompletion = (): string => `# fish completion for ttd-jobs
#
# Into the directory of fish's completions:
#   ttd-jobs completions fish > ~/.config/fish/completions/ttd-jobs.fish
complete -c ttd-jobs -f
set -l commands ${commandNames.join(" ")} help
${commandNames.map((name) => line(beforeCommand, `-a ${name}`, commands[name].description)).join("\n")}
${line(beforeCommand, "-a help", "Print the help of a command.")}
${line('"__fish_seen_subcommand_from help"', `-a "${commandNames.join(" ")}"`, "")}
complete -c ttd-jobs -s h -l help -d 'print this help'
complete -c ttd-jobs -l version -d 'print the version'
${[...flagOwners()].map(flagLine).join("\n")}
${commandNames.flatMap(operandLine).join("\n")}
`

const beforeCommand = '"not __fish_seen_subcommand_from $commands"'

const line = (condition: string, what: string, description: string) =>
  `complete -c ttd-jobs -n ${condition} ${what}${description === "" ? "" : ` -d ${quoted(description)}`}`

/** Each flag with the commands that have it. */
const flagOwners = () => {
  const owners = new Map<string, { readonly flag: Flag<unknown>; readonly names: Array<CommandName> }>()
  for (const name of commandNames) {
    for (const [key, flag] of Object.entries<Flag<unknown>>(commands[name].flags)) {
      const known = owners.get(key)
      if (known === undefined) owners.set(key, { flag, names: [name] })
      else known.names.push(name)
    }
  }
  return owners
}

/** A flag may stand before its command, so it is offered as long as there is none. */
const flagLine = ([key, { flag, names }]: [
  string,
  { readonly flag: Flag<unknown>; readonly names: ReadonlyArray<string> }
]) => {
  const others = commandNames.filter((name) => !names.includes(name))
  const condition =
    others.length === 0 ? '"true"' : `"not __fish_seen_subcommand_from ${[...others, "help"].join(" ")}"`
  const short = flag.short === undefined ? "" : `-s ${flag.short} `
  return line(condition, `${short}-l ${flagText(key).slice(2)}${parameterOf(flag)}`, flag.description)
}

const parameterOf = ({ completes, metavar }: Flag<unknown>) => {
  if (metavar === undefined) return ""
  if (completes === undefined) return " -x"
  return completes === "files" ? " -r -F" : ` -x -a "${completes.join(" ")}"`
}

const operandLine = (name: CommandName): ReadonlyArray<string> => {
  const words = commands[name].operand?.words ?? []
  return words.length === 0 ? [] : [line(`"__fish_seen_subcommand_from ${name}"`, `-a "${words.join(" ")}"`, "")]
}

const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
