/**
 * An example: a fenced block of code of a README or of a docstring.
 *
 * @module
 */

/** A code block with its position. */
export interface Example {
  /** The file, relative to the root. */
  readonly file: string
  /** The line number of its first line, from 1. */
  readonly line: number
  readonly language: "typescript" | "shell"
  readonly code: string
  /** Why it is not run, from the fence (`no-run: installs packages`); null when it is run. */
  readonly noRun: string | null
}

/** File and line, the name of an example in test titles and errors. */
export const placeOf = ({ file, line }: Example): string => `${file}:${line}`

/** The examples of a document. A fence may be indented or follow the `*` of a docstring; other languages are skipped. */
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
      // An empty line of a docstring lacks the space of the prefix.
      open.code.push(
        content.startsWith(open.prefix) ? content.slice(open.prefix.length) : content.replace(/^\s*\*?/, "")
      )
    }
  })
  if (open !== undefined) throw new Error(`${file}:${open.line - 1}: the code block is not closed.`)
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
