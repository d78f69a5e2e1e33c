/**
 * The completion script for bash, 3.2 and later, without the bash-completion package.
 *
 * @module
 */
import { commandNames, commands, type Flags, flagText } from "../input/Commands.ts"
import type { Flag } from "../input/Flag.ts"

/** The script. */
export const bashCompletion = (): string => `# bash completion for ttd-jobs
#
# Add this line to ~/.bashrc:
#   source <(ttd-jobs completions bash)
_ttd_jobs() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} flag= command= words= index
  local IFS=$' \\t\\n'
  # bash splits "--progress=plain" into three words.
  if [[ $cur == "=" ]]; then
    flag=$prev cur=
  elif [[ $prev == "=" ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]}
  else
    flag=$prev
  fi
  case $flag in
${valueCases()}
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${commandNames.join(" | ")} | help) command=\${COMP_WORDS[index]}; break ;;
      ${valueFlags().join(" | ")})
        [[ \${COMP_WORDS[index + 1]} == "=" ]] && ((index++))
        ((index++)) ;;
    esac
  done
  case $command in
    "") words="${[...commandNames, "help", "version"].join(" ")}"
      [[ $cur == -* ]] && words="${[...new Set(Object.values(commands).flatMap(({ flags }) => namesOf(flags))), ...common].join(" ")}" ;;
    help) words="${commandNames.join(" ")}" ;;
${commandNames.map(commandCase).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _ttd_jobs ttd-jobs
`

const common = ["--help", "--version"]

const namesOf = (flags: Flags) => Object.keys(flags).map(flagText)

const commandCase = (name: (typeof commandNames)[number]) => {
  const { flags, operand } = commands[name]
  const operands = operand === undefined ? "" : operand.words.join(" ")
  return `    ${name}) words="${operands}"
      [[ $cur == -* ]] && words="${[...namesOf(flags), ...common].join(" ")}" ;;`
}

/** Every flag that takes a value, under each of its names. */
const withValue = (): ReadonlyArray<readonly [names: ReadonlyArray<string>, flag: Flag<unknown>]> => {
  const all = new Map<string, Flag<unknown>>(Object.values(commands).flatMap(({ flags }) => Object.entries(flags)))
  return [...all]
    .filter(([, { metavar }]) => metavar !== undefined)
    .map(([name, flag]) => [[flagText(name), ...(flag.short === undefined ? [] : [`-${flag.short}`])], flag])
}

const valueFlags = () => withValue().flatMap(([names]) => names)

const valueCases = () =>
  withValue()
    .map(([names, { completes }]) => `    ${names.join(" | ")}) ${actionOf(completes)} return ;;`)
    .join("\n")

const actionOf = (completes: Flag<unknown>["completes"]) => {
  if (completes === undefined) return ""
  return completes === "files"
    ? `compopt -o filenames 2> /dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$cur"));`
    : `COMPREPLY=($(compgen -W "${completes.join(" ")}" -- "$cur"));`
}
