/**
 * What to do about an error.
 *
 * @module
 */
import {
  type ApiErrorData,
  type ConnectionProblem,
  type DownloadProblem,
  formatJobRef,
  isTransientStatus,
  type JobKindTraits,
  jobKinds,
  type ProblemDetailsData,
  parseJobRef,
  type ResultUnavailableData,
  type TtdJobsErrorData
} from "../model/index.ts"

/** How remedies are called: for developers, at a command line, over HTTP. Each but the first is a clause. */
export interface Remedies {
  /** How a setting is called, by its name in the options. */
  readonly setting: (name: string) => string
  /** What to do with a new token. */
  readonly setToken: string
  /** How to continue a wait that timed out. */
  readonly resume: string
  /** How to wait for a job that has not ended. */
  readonly wait: string
  /** How to allow overwriting a file. */
  readonly overwrite: string
}

/** What to do about an error, in the words of the remedies. */
export const adviceOn = (error: TtdJobsErrorData, remedies: Remedies): string => {
  switch (error._tag) {
    case "InvalidJobRefError":
      return adviceOnReference(error.input, error.reason === "unsafe-integer")
    case "InvalidSettingError":
      return error.kind === "token"
        ? "Copy the token again, as one line."
        : `Correct ${remedies.setting(error.setting)}.`
    case "ProblemDetailsError":
    case "ApiError":
      return adviceOnResponse(error, remedies)
    case "RateLimitedError":
      return `Allow more time. ${fewerRequests}`
    case "TransportError":
      return (
        adviceOnConnection[error.reason] ??
        "Check the network and the server's address, and whether it needs a proxy (HTTPS_PROXY)."
      )
    case "RequestTimeoutError":
      return `Try again, or allow each request more time (${remedies.setting("timeout")}).`
    case "ResponseDecodeError":
      return `A gateway between you and the API may have responded instead of it; ${toSupport}`
    case "WaitTimeoutError":
      return `The job continues upstream; ${remedies.resume}.`
    case "JobFailedError":
      return "Correct what the server reports and submit a new job: this one will not change any more."
    case "ResultUnavailableError":
      return adviceOnResult(error, remedies)
    case "DownloadError":
      return (error.connection && adviceOnConnection[error.connection]) ?? adviceOnDownload(remedies)[error.reason]
  }
}

const adviceOnReference = (input: string, isUnsafe: boolean): string => {
  if (isUnsafe) return "Pass ids above 2^53 - 1 as a string or a bigint."
  const corrected = input.trim().toLowerCase()
  return parseJobRef(corrected).ok
    ? `Did you mean ${corrected}?`
    : "Use the kind of the job and the id that the submission returned, such as standard:412651."
}

const toSupport = "give support the request id."

const fewerRequests =
  "Send fewer requests: the limit counts per endpoint and account, and the platform's own pages count too."

const adviceOnResponse = (error: ApiErrorData | ProblemDetailsData, { setToken }: Remedies): string => {
  const { body, ref, status } = error
  switch (status) {
    case 401:
      return `Get a new token from the platform and ${setToken}; tokens expire after a week to a year, or are revoked.`
    case 403:
    case 404:
      return (
        "The job is not visible to this account, or gone: check its kind and id, and the account. " +
        "The sandbox is wiped on Friday mornings."
      )
    case 410:
      return `Upstream has retired this endpoint: ${successorText(ref)}.`
    case 429:
      return fewerRequests
    default:
      // A rate limit of the platform's GraphQL API may come with status 200 (contract, "Errors").
      if (status === 200 && body.includes("RESOURCE_LIMIT_EXCEEDED")) return fewerRequests
      return isTransientStatus(status)
        ? `Try again later; if it stays, ${toSupport}`
        : `Check the request; if it is right, ${toSupport}`
  }
}

/** What to use instead of a job's endpoint. */
const successorText = (ref: string): string => {
  const parsed = parseJobRef(ref)
  const traits: JobKindTraits | undefined = parsed.ok ? jobKinds[parsed.kind] : undefined
  return parsed.ok && traits?.successor !== undefined
    ? `use ${formatJobRef({ kind: traits.successor, id: parsed.id })} instead`
    : "look for a newer version of ttd-jobs"
}

const adviceOnConnection: Readonly<Partial<Record<ConnectionProblem, string>>> = {
  "certificate-not-trusted": "If a proxy or a private CA issued it, point NODE_EXTRA_CA_CERTS at its certificate.",
  "certificate-expired": "Check this machine's clock; if it is right, the server needs a new certificate.",
  "certificate-not-yet-valid": "Check this machine's clock, which may be slow.",
  "certificate-for-another-host": "Check the server's name; something on the way may have responded instead of it.",
  "host-not-found": "Check the server's name, the network and DNS."
}

const adviceOnResult = ({ reason }: ResultUnavailableData, { wait }: Remedies): string => {
  switch (reason) {
    case "not-finished":
      return `The job has not ended: ${wait}.`
    case "none":
      return "There is nothing to download; the job's errors say why, if the server does."
    case "expired":
      return "Submit the job again, and download its result in time."
  }
}

const adviceOnDownload = ({ overwrite, setting }: Remedies): Readonly<Record<DownloadProblem, string>> => ({
  refused: "Download again, with a fresh link; if it is still refused, give support the status and the job.",
  "unsafe-link": "Results are downloaded over https from where the API says; tell support where this link leads.",
  interrupted: "Check the network and download again; a partial file is continued.",
  changed: "The file changed on the server; the partial download was discarded. Download again.",
  length: "Download again; if it stays, something on the way truncates the file.",
  digest: "Download again; if it stays, something on the way changes the file.",
  encoding: "Download again; if it stays, tell support that the server compresses the file and cuts it.",
  "too-large": `Allow more bytes (${setting("maxBytes")}), or request a smaller report.`,
  timeout: "Allow more time; a partial file is continued.",
  busy: "Wait for the other download, or choose another path.",
  exists: `Choose another path, or ${overwrite}.`,
  file: "Check the directory, its permissions and the free space."
})
