/**
 * An example: a fenced block of code of a README or of a docstring.
 *
 * @module
 */

/** A block of code and where it stands. */
export interface Example {
  /** The file, from the top of the repository. */
  readonly file: string
  /** The line of the first line of code, from 1. */
  readonly line: number
  readonly language: "typescript" | "shell"
  readonly code: string
  /** Why it is not run, from the fence (`no-run: it installs`); null for a block that is run. */
  readonly noRun: string | null
}

/** What tests and the compiler call an example. */
export const placeOf = ({ file, line }: Example): string => `${file}:${line}`

/**
 * The examples among the lines of a document. A fence may be indented, and begin with the `*` of a docstring. Blocks in other
 * languages are no examples.
 */
export const examplesIn = (file: string, text: string): ReadonlyArray<Example> => {
  const examples: Array<Example> = []
  let open: { readonly prefix: string; readonly info: string; readonly line: number; code: Array<string> } | undefined
  text.split("\n").forEach((content, index) => {
    const [, prefix = "", info = ""] = /^(\s*(?:\* )?)```(.*)$/.exec(content) ?? []
    const isFence = /^\s*(?:\* )?```/.test(content)
    if (open === undefined) {
      if (isFence) open = { prefix, info, line: index + 2, code: [] }
    } else if (isFence) {
      examples.push(...exampleOf(file, open.info, open.line, open.code.join("\n")))
      open = undefined
    } else {
      // An empty line of a docstring has lost the blank of the prefix.
      open.code.push(
        content.startsWith(open.prefix) ? content.slice(open.prefix.length) : content.replace(/^\s*\*?/, "")
      )
    }
  })
  if (open !== undefined) throw new Error(`${file}:${open.line - 1}: the block has no end.`)
  return examples
}

const exampleOf = (file: string, info: string, line: number, code: string): ReadonlyArray<Example> => {
  const [, name = "", noRun] = /^(\w*)(?:\s+no-run:?\s*(.*))?/.exec(info) ?? []
  const language = languages.get(name)
  return language === undefined ? [] : [{ file, line, language, code, noRun: noRun ?? null }]
}

const languages: ReadonlyMap<string, Example["language"]> = new Map([
  ["ts", "typescript"],
  ["typescript", "typescript"],
  ["sh", "shell"],
  ["bash", "shell"],
  ["console", "shell"]
])
