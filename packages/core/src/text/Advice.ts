/**
 * What to do about a request that failed.
 *
 * @module
 */

/** About an answer that is no success; `transient` for those that say "not now". */
export const adviceOnStatus = (status: number, operation: string, transient: boolean): string => {
  switch (status) {
    case 401:
      return "Get a new token from the platform and set it: tokens end after a week to a year, or when they are revoked."
    case 403:
      return "Ask for access to this job's advertiser or partner, or use the token of an account that has it."
    case 404:
      return "Check the kind and the id; the sandbox is wiped on Friday mornings, and its jobs with it."
    case 410:
      return operation === "getGraphQlQueryJobStatus"
        ? "Upstream has retired this endpoint: ask for graphql-bulk:<id> instead."
        : "Upstream has retired this endpoint: look for a newer version of ttd-jobs."
    case 429:
      return "Ask less often: the limit counts per endpoint and account, the platform's own pages included."
    default:
      return transient
        ? "Try again later; if it stays, give support the request id."
        : "Check the request; if it looks right, give support the request id."
  }
}

/** About a connection that failed for this reason. */
export const adviceOnConnection = (reason: string): string =>
  /SELF_SIGNED|ISSUER|LEAF_SIGNATURE/.test(reason)
    ? "Nobody whom this machine trusts issued the server's certificate: NODE_EXTRA_CA_CERTS can name a proxy's or an own authority's."
    : "Check the network, a proxy in the way, and the server's name."
