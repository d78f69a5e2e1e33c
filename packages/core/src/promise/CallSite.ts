/**
 * Stacks that name the caller: an error is made by a fiber, whose own stack says nothing of who called.
 *
 * @module
 */

/** Where this package was called, taken before the call begins. */
export const callSite = (): Error => new Error()

const named = new WeakSet<object>()

/** The error with the stack of its caller. An error that several callers share names the first. */
export const withCaller = (error: unknown, site: Error): unknown => {
  if (!(error instanceof Error) || named.has(error)) return error
  named.add(error)
  // The first two frames are of this package.
  const frames = (site.stack ?? "").split("\n").filter((line) => !/^Error\b/.test(line))
  const stack = [`${error.name}: ${error.message}`, ...frames.slice(2)].join("\n")
  Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true })
  return error
}
