/**
 * Key of an account: whom the rate limit counts. Two clients have the same key only when they send the same credentials to the same server.
 *
 * @module
 */

/** What distinguishes one account from another. */
export interface Account {
  /** The server's base URL. */
  readonly baseUrl: string
  /** The token, or the token provider: its identity counts, so that a new token keeps the account's permits and pauses. */
  readonly credential: string | object | undefined
  /** Further headers of every request, with lower-case names: a gateway may distinguish accounts by them. */
  readonly headers: Readonly<Record<string, string>>
}

/** The key of an account. It holds the credentials in full, so that no two accounts can ever share one: keep it in memory only. */
export const accountKeyOf = ({ baseUrl, credential, headers }: Account): string =>
  JSON.stringify([
    baseUrl,
    typeof credential === "object" || typeof credential === "function" ? identityOf(credential) : (credential ?? null),
    Object.entries(headers)
      .filter(([name]) => !requestHeaders.has(name))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
  ])

/** Headers that describe one request and identify no account. */
const requestHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "baggage",
  "traceparent",
  "tracestate",
  "user-agent",
  "x-correlation-id",
  "x-request-id"
])

const identities = new WeakMap<object, number>()
let providers = 0

const identityOf = (provider: object): number => {
  const known = identities.get(provider)
  if (known !== undefined) return known
  providers += 1
  identities.set(provider, providers)
  return providers
}
