/**
 * Base URL of the server: production, sandbox, or a URL (a gateway, the simulator).
 *
 * @module
 */
import * as Result from "effect/Result"
import type { InvalidSettingError } from "../errors/Errors.ts"
import { isBrowser } from "../http/Runtime.ts"
import { invalidOption } from "../options/Options.ts"

/**
 * The servers that have a name (contract, "Servers and headers"). The sandbox is wiped on Friday mornings.
 *
 * @example
 * ```ts
 * import { servers } from "@ttd-jobs/core"
 *
 * servers.prod // "https://api.thetradedesk.com/workflows"
 * ```
 */
export const servers = {
  prod: "https://api.thetradedesk.com/workflows",
  sandbox: "https://ext-api.sb.thetradedesk.com/workflows"
} as const

/** `prod` (the default), `sandbox`, or an `http(s)` URL; in a browser it may be relative to the page. */
export type Server = keyof typeof servers | (string & {}) | URL

/**
 * The base URL of a server, without a slash at its end. It must be `https`, or `http` on loopback, so that a token never crosses a
 * network in the clear; `allowHttp` lifts that where no token is sent.
 *
 * @example
 * ```ts
 * import { baseUrlOf } from "@ttd-jobs/core"
 * import { Result } from "effect"
 *
 * Result.getOrThrow(baseUrlOf("sandbox")) // "https://ext-api.sb.thetradedesk.com/workflows"
 * Result.getOrThrow(baseUrlOf("http://localhost:8080/")) // "http://localhost:8080"
 * Result.getOrThrow(baseUrlOf("http://ttd-jobs-service:8080", { allowHttp: true })) // "http://ttd-jobs-service:8080"
 * ```
 */
export const baseUrlOf = (
  server: Server,
  { allowHttp = false }: { readonly allowHttp?: boolean } = {}
): Result.Result<string, InvalidSettingError> => {
  const text = String(server)
  if (text === "prod" || text === "sandbox") return Result.succeed(servers[text])
  const url = URL.parse(text, relative.test(text) ? pageUrl() : undefined)
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return refuse(text, expected)
  if (url.username !== "" || url.password !== "") return refuse(null, `${expected}, without a user name and a password`)
  if (url.search !== "" || url.hash !== "") return refuse(null, `${expected}, without a query and a fragment`)
  if (url.protocol === "http:" && !allowHttp && !isLoopback(url.hostname)) {
    return refuse(text, expected)
  }
  return Result.succeed(url.href.replace(/\/+$/, ""))
}

/** `/ttd`, `./ttd` or `../ttd`. */
const relative = /^\.{0,2}\/(?!\/)/

/** What a relative URL is relative to: the page, or the script of a worker. */
const pageUrl = (): string | undefined =>
  isBrowser ? (textAt(globalThis, "document", "baseURI") ?? textAt(globalThis, "location", "href")) : undefined

/** Types of browsers are not those of every runtime. */
const textAt = (value: unknown, ...path: ReadonlyArray<string>): string | undefined => {
  const found = path.reduce(
    (inner: unknown, name) => (inner instanceof Object ? Reflect.get(inner, name) : undefined),
    value
  )
  return typeof found === "string" ? found : undefined
}

/**
 * Whether a host name, as `URL` prints it, means this machine.
 *
 * @example
 * ```ts
 * import { isLoopback } from "@ttd-jobs/core"
 *
 * isLoopback("127.0.0.1") // true
 * isLoopback("api.thetradedesk.com") // false
 * ```
 */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  /^127(\.\d+){3}$/.test(hostname)

const expected = "prod, sandbox or an https URL (http on loopback, or without a token)"

const refuse = (value: string | null, expected: string) => Result.fail(invalidOption("server", "URL", value, expected))
