/**
 * Requests for result files: the link, then the file.
 *
 * @module
 */
import { Duration, Effect, Hash } from "effect"
import type { HttpServerRequest } from "effect/http"
import type { Draft } from "./Delivery.ts"
import type { Fault } from "./Fault.ts"
import * as FileAnswer from "./FileAnswer.ts"
import { type Redirect, redirect } from "./FileFault.ts"
import { problem } from "./Problem.ts"
import * as ResultFile from "./ResultFile.ts"
import type { FileResult } from "./ResultScript.ts"
import { isResultGone, type SimulatedJob } from "./SimulatedJob.ts"
import { honest } from "./WireFault.ts"
import type { World } from "./World.ts"

/** The last part of the link to a job's file. */
export const fileNameOf = (job: SimulatedJob): string => `${job.ref.kind}-${job.ref.id}.csv`

/** A fresh link to a job's file. */
export const linkTo = (world: World, job: SimulatedJob, file: FileResult, now: number): string => {
  const lifetime = Duration.toMillis(Duration.fromInputUnsafe(file.linkLifetime ?? "1 hour"))
  const origin = file.origin === "api" ? world.url : world.filesUrl
  return origin + world.signer.sign(fileNameOf(job), now + lifetime)
}

/** A request for a file, taken apart. */
export interface FileRequest {
  readonly name: string
  readonly query: URLSearchParams
  readonly origin: "api" | "files"
  readonly token: "absent" | "right" | "wrong"
  readonly request: HttpServerRequest.HttpServerRequest
}

/** The answer to a request for a file that meets the given fault. */
export const answer = Effect.fnUntraced(function* (
  world: World,
  job: SimulatedJob | undefined,
  asked: FileRequest,
  fault: Fault
): Effect.fn.Return<Draft> {
  const { name, origin, query, request } = asked
  const now = yield* world.time.now
  if (request.method !== "GET" && request.method !== "HEAD") return refusals.method
  if (fault._tag === "ExpiredLink") return { ...refusals.expired, status: fault.status }
  const file = job?.result._tag === "FileResult" ? job.result : undefined
  if (origin === "api" && file?.origin === "api" && asked.token !== "right") {
    return problem(401, "This file wants a valid TTD-Auth header.")
  }
  const link = world.signer.check(name, query, now)
  if (link === "forged") return refusals.forged
  if (link === "expired") return refusals.expired
  if (job === undefined || file === undefined || isResultGone(job, now)) return refusals.gone
  const hop = fault._tag === "Redirect" ? fault : hopOf(query)
  if (hop !== undefined) return redirection(world, asked, hop)
  const representation = yield* representationOf(world, job, file, fault)
  const rangeRequest = { range: request.headers["range"], ifRange: request.headers["if-range"] }
  return FileAnswer.make(representation, rangeRequest, isContentFault(fault) ? fault : honest)
})

const isContentFault = (fault: Fault): fault is FileAnswer.ContentFault =>
  fault._tag === "IgnoreRange" ||
  fault._tag === "WrongRange" ||
  fault._tag === "RangeRefused" ||
  fault._tag === "MissingValidators" ||
  fault._tag === "WrongLength" ||
  fault._tag === "CorruptBytes"

const representationOf = Effect.fnUntraced(function* (
  world: World,
  job: SimulatedJob,
  file: FileResult,
  fault: Fault
): Effect.fn.Return<FileAnswer.Representation> {
  const replaced = fault._tag === "ReplacedFile" ? fault : undefined
  const version = replaced === undefined ? "" : ":replaced"
  const seed = file.seed ?? `${world.seed}:${job.ref}`
  const { source } = ResultFile.make(replaced?.otherBytes === true ? seed + version : seed, file.size)
  const tag = `"${(Hash.string(`${seed}${version}`) >>> 0).toString(16)}-${file.size.toString(16)}"`
  const modified = job.endsAt + (replaced === undefined ? 0 : 60_000)
  const digestHeaders = file.digests ?? []
  return {
    source,
    contentType: file.contentType ?? "text/csv",
    contentDisposition:
      file.contentDisposition === undefined ? attachment(file.name ?? fileNameOf(job)) : file.contentDisposition,
    etag: file.etag === "none" ? null : file.etag === "weak" ? `W/${tag}` : tag,
    lastModified: file.lastModified === false ? null : new Date(modified).toUTCString(),
    digests: digestHeaders.length === 0 ? null : yield* world.digestsOf(`${seed}${version}:${file.size}`, source),
    digestHeaders,
    ranges: file.ranges ?? true,
    heedsIfRange: replaced?.heedsIfRange ?? true,
    chunked: file.chunked ?? false
  }
})

/** RFC 6266: a plain name, and the exact one for whoever can read it. */
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
    status: statuses.get(query.get("via") ?? "") ?? 302,
    to: query.get("to") === "api" ? "api" : "files",
    alternate: query.has("alternate")
  })
}

const statuses: ReadonlyMap<string, Redirect["status"]> = new Map(
  ([301, 302, 303, 307, 308] as const).map((status) => [String(status), status])
)

/** Everything about the hops that are left stands in the link, so that the server need not remember it. */
const redirection = (world: World, { name, query }: FileRequest, hop: Redirect): Draft => {
  const next = new URLSearchParams({ expires: query.get("expires") ?? "", sig: query.get("sig") ?? "" })
  const left = hop.hops - 1
  if (left > 0) {
    next.set("hops", String(left))
    next.set("via", String(hop.status))
    next.set("to", hop.alternate ? (hop.to === "api" ? "files" : "api") : hop.to)
    if (hop.alternate) next.set("alternate", "")
  }
  const location = `${hop.to === "api" ? world.url : world.filesUrl}/results/${encodeURIComponent(name)}?${next}`
  return { status: hop.status, headers: { location }, contentType: "text/plain", body: `The file is at ${location}\n` }
}

const storageError = (status: number, code: string, message: string): Draft => ({
  status,
  headers: {},
  contentType: "application/xml",
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
})

const refusals = {
  method: {
    ...storageError(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    headers: { allow: "GET, HEAD" }
  },
  forged: storageError(403, "SignatureDoesNotMatch", "The signature of the request does not match."),
  expired: storageError(403, "AccessDenied", "Request has expired"),
  gone: storageError(404, "NoSuchKey", "The specified key does not exist.")
}
