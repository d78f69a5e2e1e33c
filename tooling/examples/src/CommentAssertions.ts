/**
 * Turns comments of examples into assertions: in a line `expression // value`, or `console.log(expression) // value`, the value
 * is compared when the example runs. A value is JSON, property names without quotes allowed; other comments are left alone.
 *
 * @module
 */

/** The import that a program with assertions needs. */
export const assertionImport = 'import { deepStrictEqual as assertEqual } from "node:assert/strict"; void assertEqual'

/** The code with every comment assertion as a call of `assertEqual`; line numbers stay the same. */
export const withAssertions = (code: string): string => code.split("\n").map(withAssertion).join("\n")

const withAssertion = (line: string): string => {
  const [, indent, expression, value] = /^(\s*)(?!\/\/)(\S.*?) \/\/ (\S+|".*"|\{.*\}|\[.*\])$/.exec(line) ?? []
  if (expression === undefined || value === undefined || !isStatement(expression) || !isValue(value)) return line
  const [, logged] = /^console\.log\((.*)\)$/.exec(expression) ?? []
  return `${indent}assertEqual(${logged ?? expression}, ${value})`
}

/** Whether the text is a complete expression statement: not part of a longer one, and without a keyword. */
const isStatement = (text: string) =>
  !/^(?:const|let|import|export|return|yield|await using|if|for|[}.)])|[,{([]$|=>$/.test(text) &&
  text.split("(").length === text.split(")").length

const isValue = (text: string) => {
  try {
    JSON.parse(text.replace(/([{,]\s*)(\w+)(?=:)/g, '$1"$2"'))
    return true
  } catch {
    return false
  }
}
