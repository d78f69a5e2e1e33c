/**
 * The file server: checks a link, then serves the result file.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import { none } from "./ConnectionFault.ts"
import { problemResponse } from "./ErrorResponse.ts"
import type { Fault } from "./Fault.ts"
import { type Redirect, redirect } from "./FileFault.ts"
import { type ContentFault, fileResponse, type RangeRequest, type Representation } from "./FileResponse.ts"
import { fileNameOf } from "./JobStore.ts"
import * as ResultFile from "./ResultFile.ts"
import type { FileResult } from "./ResultScript.ts"
import type { SimulatedJob } from "./SimulatedJob.ts"
import type { SimulatedResponse } from "./SimulatedResponse.ts"
import type { SimulatorState } from "./SimulatorState.ts"

/** A new link to a job's file. */
export const linkTo = (state: SimulatorState, job: SimulatedJob, file: FileResult, now: number): string => {
  const lifetime = Duration.toMillis(Duration.fromInputUnsafe(file.linkLifetime ?? "1 hour"))
  const origin = file.origin === "api" ? state.url : state.filesUrl
  return origin + state.links.sign(fileNameOf(job), now + lifetime)
}

/** The parts of a request for a file. */
export interface FileRequest extends RangeRequest {
  readonly name: string
  readonly query: URLSearchParams
  readonly method: string
  readonly origin: "api" | "files"
  readonly token: "absent" | "valid" | "invalid"
}

/** The response to a request for a file that meets the given fault. */
export const respond = Effect.fnUntraced(function* (
  state: SimulatorState,
  job: SimulatedJob | undefined,
  request: FileRequest,
  fault: Fault
): Effect.fn.Return<SimulatedResponse> {
  const { method, name, origin, query } = request
  const now = yield* state.time.now
  if (method !== "GET" && method !== "HEAD") return errors.method
  if (fault._tag === "ExpiredLink") return { ...errors.expired, status: fault.status }
  const file = job?.result._tag === "FileResult" ? job.result : undefined
  if (origin === "api" && file?.origin === "api" && request.token !== "valid") {
    return problemResponse(401, "This file requires a valid TTD-Auth header.")
  }
  const link = state.links.check(name, query, now)
  if (link === "forged") return errors.forged
  if (link === "expired") return errors.expired
  if (job === undefined || file === undefined || now >= job.expiresAt) return errors.gone
  const hop = fault._tag === "Redirect" ? fault : hopOf(query)
  if (hop !== undefined) return redirection(state, request, hop)
  if (file.oneTimeLink === true && method === "GET" && !state.links.use(query)) return errors.used
  return fileResponse(yield* representationOf(state, job, file, fault), request, contentFaultOf(fault))
})

const contentFaultOf = (fault: Fault): ContentFault => {
  switch (fault._tag) {
    case "IgnoreRange":
    case "WrongRange":
    case "RangeRefused":
    case "MissingValidators":
    case "WrongLength":
    case "CorruptBytes":
    case "WholeMd5":
      return fault
    case "Encoded":
      // Ranges of an encoded body would be ranges of other bytes.
      return { _tag: "IgnoreRange" }
    default:
      return none
  }
}

const representationOf = Effect.fnUntraced(function* (
  state: SimulatorState,
  job: SimulatedJob,
  file: FileResult,
  fault: Fault
): Effect.fn.Return<Representation> {
  const replaced = fault._tag === "ReplacedFile" ? fault : undefined
  const version = replaced === undefined ? "" : ":replaced"
  const key = `${state.seed}:${file.seed ?? job.ref}:${file.text ?? ""}:${file.size}${version}`
  const { source } = ResultFile.ofJob(state.seed, job.ref, file, replaced?.otherBytes === true ? version : "")
  const tag = `"${(Hash.string(key) >>> 0).toString(16)}-${file.size.toString(16)}"`
  const modified = job.endsAt + (replaced === undefined ? 0 : 60_000)
  const digestHeaders = digestHeadersOf(file, fault)
  return {
    source,
    contentType: file.contentType ?? "text/csv",
    contentDisposition:
      file.contentDisposition === undefined ? attachment(file.name ?? fileNameOf(job)) : file.contentDisposition,
    etag: file.etag === "none" ? null : file.etag === "weak" ? `W/${tag}` : tag,
    lastModified: file.lastModified === false ? null : new Date(modified).toUTCString(),
    digests: digestHeaders.length === 0 ? null : yield* state.digestsOf(key, source),
    digestHeaders,
    ranges: file.ranges ?? true,
    honorsIfRange: replaced?.honorsIfRange ?? true,
    chunked: file.chunked ?? false
  }
})

/** Digests of an encoded body would be those of other bytes. */
const digestHeadersOf = ({ digests = [] }: FileResult, fault: Fault): FileResult["digests"] & {} =>
  fault._tag === "Encoded"
    ? []
    : fault._tag === "WholeMd5"
      ? [...new Set([...digests, "content-md5" as const])]
      : digests

/** RFC 6266: an ASCII name, and the exact one for clients that read `filename*`. */
const attachment = (name: string) => {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_")
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  )
  return `attachment; filename="${plain}"${plain === name ? "" : `; filename*=UTF-8''${exact}`}`
}

const hopOf = (query: URLSearchParams): Redirect | undefined => {
  const hops = Number(query.get("hops"))
  if (!(hops >= 1)) return undefined
  return redirect({
    hops,
    status: redirectStatuses.get(query.get("via") ?? "") ?? 302,
    to: query.get("to") === "api" ? "api" : "files",
    alternate: query.has("alternate")
  })
}

const redirectStatuses: ReadonlyMap<string, Redirect["status"]> = new Map(
  ([301, 302, 303, 307, 308] as const).map((status) => [String(status), status])
)

/** The link contains everything about the remaining hops, so that the server has no state for them. */
const redirection = (state: SimulatorState, { name, query }: FileRequest, hop: Redirect): SimulatedResponse => {
  const next = new URLSearchParams({
    expires: query.get("expires") ?? "",
    n: query.get("n") ?? "",
    sig: query.get("sig") ?? ""
  })
  const left = hop.hops - 1
  if (left > 0) {
    next.set("hops", String(left))
    next.set("via", String(hop.status))
    next.set("to", hop.alternate ? (hop.to === "api" ? "files" : "api") : hop.to)
    if (hop.alternate) next.set("alternate", "")
  }
  const location = `${hop.to === "api" ? state.url : state.filesUrl}/results/${encodeURIComponent(name)}?${next}`
  return { status: hop.status, headers: { location }, contentType: "text/plain", body: `The file is at ${location}\n` }
}

const storageError = (status: number, code: string, message: string): SimulatedResponse => ({
  status,
  headers: {},
  contentType: "application/xml",
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
})

const errors = {
  method: {
    ...storageError(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    headers: { allow: "GET, HEAD" }
  },
  forged: storageError(403, "SignatureDoesNotMatch", "The signature of the request does not match."),
  expired: storageError(403, "AccessDenied", "Request has expired"),
  used: storageError(410, "Gone", "This link works once."),
  gone: storageError(404, "NoSuchKey", "The specified key does not exist.")
}
