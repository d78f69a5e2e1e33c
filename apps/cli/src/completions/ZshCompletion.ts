/**
 * The completion script for zsh.
 *
 * @module
 */
import { type Command, commandNames, commands, type Flags, flagText } from "../input/Commands.ts"
import type { Flag } from "../input/Flag.ts"

/** The script: a file for a directory of `$fpath`. */
export const zshCompletion = (): string => `#compdef ttd-jobs
#
# zsh completion for ttd-jobs. Into a directory of your $fpath:
#   ttd-jobs completions zsh > _ttd-jobs
_ttd-jobs() {
  local curcontext="$curcontext" state line ret=1
  local -a commands=(
${commandNames.map((name) => `    '${name}:${escaped(commands[name].description)}'`).join("\n")}
    'help:${escaped("Print the help of a command.")}'
  )
  # Flags may stand before the command.
  _arguments -C -S : ${[...specsOf(allFlags()), ...common, "'1: :->command'", "'*:: :->arguments'"].join(separator)} && ret=0
  case $state in
    command) _describe -t commands command commands && ret=0 ;;
    arguments)
      case $line[1] in
${commandNames.map((name) => `        ${name}) _arguments -S : ${[...specsOf(commands[name].flags), ...common, ...operandSpec(commands[name])].join(separator)} && ret=0 ;;`).join("\n")}
        help) _arguments ': :->command' && ret=0; _describe -t commands command commands && ret=0 ;;
      esac ;;
  esac
  return ret
}
# From its second call on, zsh runs what it has loaded as any other function.
if [[ $funcstack[1] == _ttd-jobs ]]; then _ttd-jobs "$@"; else compdef _ttd-jobs ttd-jobs; fi
`

const separator = " \\\n    "

const common = ["'(- *)'{-h,--help}'[print this help]'", "'(- *)--version[print the version]'"]

const allFlags = (): Flags =>
  Object.fromEntries(Object.values(commands).flatMap(({ flags }) => Object.entries<Flag<unknown>>(flags)))

const specsOf = (flags: Flags): ReadonlyArray<string> =>
  Object.entries(flags).map(([name, flag]) => specOf(flagText(name), flag))

const specOf = (name: string, { completes, description, metavar, short }: Flag<unknown>) => {
  const about = `[${escaped(description)}]`
  const value = metavar === undefined ? "" : `:${metavar}:${actionOf(completes)}`
  const long = metavar === undefined ? name : `${name}=`
  if (short === undefined) return `'${long}${about}${value}'`
  return `'(-${short} ${name})'{-${short}${metavar === undefined ? "" : "+"},${long}}'${about}${value}'`
}

const actionOf = (completes: Flag<unknown>["completes"]) => {
  if (completes === undefined) return " "
  return completes === "files" ? "_files" : `(${completes.join(" ")})`
}

/** Without an action for arguments zsh offers no flags beside them. */
const operandSpec = ({ operand }: Command): ReadonlyArray<string> =>
  operand === undefined ? [] : [`'${operand.max > 1 ? "*" : "1"}:${operand.name}:(${operand.words.join(" ")})'`]

const escaped = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, "\\$&")
