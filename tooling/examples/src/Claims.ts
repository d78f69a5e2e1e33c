/**
 * What examples say about values. A line `expression // value` is a claim, as is `console.log(expression) // value`, and is held
 * to it when it runs. A value is a JSON value, names without quotes allowed; any other comment is just that.
 *
 * @module
 */

/** What a program with claims imports. */
export const claimsImport = 'import { deepStrictEqual as claim } from "node:assert/strict"; void claim'

/** The code with every claim as a call of `claim`, line by line. */
export const withClaims = (code: string): string => code.split("\n").map(withClaim).join("\n")

const withClaim = (line: string): string => {
  const [, indent, expression, value] = /^(\s*)(?!\/\/)(\S.*?) \/\/ (\S+|".*"|\{.*\}|\[.*\])$/.exec(line) ?? []
  if (expression === undefined || value === undefined || !isStatement(expression) || !isValue(value)) return line
  const [, logged] = /^console\.log\((.*)\)$/.exec(expression) ?? []
  return `${indent}claim(${logged ?? expression}, ${value})`
}

/** An expression that is a statement by itself: no part of a longer one, and without a keyword. */
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
