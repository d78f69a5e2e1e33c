/**
 * How errors print: `console.error(error)` and `JSON.stringify(error)` show message, advice and every field.
 *
 * @module
 */
import { NodeInspectSymbol } from "effect/Inspectable"

/** An error of this package, as far as printing needs it. */
interface Described extends Error {
  readonly _tag: string
  readonly advice: string
  readonly transient: boolean
}

type Inspect = (value: unknown, options: object) => string

/** Makes the errors of a class print in full, `derived` properties included. Effect's own errors print their fields alone. */
export const printable = <Class extends Described>(
  errorClass: { readonly prototype: Class },
  derived: ReadonlyArray<keyof Class & string> = []
): void => {
  const fieldsOf = (error: Class): object => {
    const { _tag, ...fields } = error
    return { ...fields, ...Object.fromEntries(derived.map((name) => [name, error[name]])) }
  }
  const toJson = (error: Class): object => {
    const { _tag, advice, cause, message, transient } = error
    const plain = "cause" in error ? { cause: plainCause(cause) } : {}
    return { _tag, message, advice, transient, ...fieldsOf(error), ...plain }
  }
  const inspected = (error: Class, depth: number, options: object, inspect: Inspect | undefined) => {
    if (inspect === undefined) return toJson(error)
    const { _tag, advice, cause, message, stack = "", transient } = error
    if (depth < 0) return `[${_tag}: ${message}]`
    const frames = stack.split("\n").filter((line) => /^ {4}at /.test(line))
    const because = cause === undefined || cause === null ? {} : { cause }
    const fields = inspect({ transient, ...fieldsOf(error), ...because }, options)
    return `${[`${_tag}: ${message}`, `  ${advice}`, ...frames].join("\n")} ${fields}`
  }
  Object.defineProperties(errorClass.prototype, {
    toJSON: {
      value(this: Class) {
        return toJson(this)
      }
    },
    [NodeInspectSymbol]: {
      value(this: Class, depth: number, options: object, inspect?: Inspect) {
        return inspected(this, depth, options, inspect)
      }
    }
  })
}

/** A cause as JSON, where an `Error` would be `{}`. */
const plainCause = (cause: unknown): unknown =>
  cause instanceof Error
    ? {
        name: cause.name,
        message: cause.message,
        ...("code" in cause ? { code: cause.code } : {}),
        ...(cause.cause === undefined ? {} : { cause: plainCause(cause.cause) })
      }
    : cause
