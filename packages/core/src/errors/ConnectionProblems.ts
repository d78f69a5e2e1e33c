/**
 * Why a connection failed, from the error code or message of the runtime (Node, Bun, Deno, browsers).
 *
 * @module
 */
import type { ConnectionProblem } from "../model/index.ts"

/** The first row whose pattern is found in the code decides. */
const patterns: ReadonlyArray<readonly [problem: ConnectionProblem, codes: RegExp]> = [
  ["certificate-expired", /HAS_EXPIRED|certificate: Expired/],
  ["certificate-not-yet-valid", /NOT_YET_VALID|NotValidYet/],
  ["certificate-for-another-host", /ALTNAME|HOSTNAME|NotValidForName/],
  ["certificate-not-trusted", /SELF_SIGNED|ISSUER|LEAF_SIGNATURE|CERT_/i],
  ["host-not-found", /ENOTFOUND|EAI_/],
  ["connection-refused", /refused/i],
  ["network-unreachable", /UNREACH|ENETDOWN/],
  ["connection-timed-out", /TIMEDOUT|TIMEOUT/],
  ["unreadable-http-response", /^HPE_|HEADERS_OVERFLOW/],
  ["tls-handshake-failed", /SSL|TLS|EPROTO/],
  ["connection-reset", /RESET|ABORTED|EPIPE|UND_ERR_SOCKET|terminated|closed|hang up/i]
]

/** Why a connection failed with this code. */
export const connectionProblemOf = (code: string): ConnectionProblem =>
  patterns.find(([, codes]) => codes.test(code))?.[0] ?? "other"
