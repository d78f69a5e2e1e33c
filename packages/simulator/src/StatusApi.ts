/**
 * The status operations of the simulated API.
 *
 * @module
 */
import { type JobKind, JobRef } from "@ttd-jobs/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { applyJsonFault } from "./ApplyJsonFault.ts"
import { gatewayResponse, problemResponse } from "./ErrorResponse.ts"
import type { Fault } from "./Fault.ts"
import { linkTo } from "./FileServer.ts"
import { isJsonFault } from "./JsonFault.ts"
import * as ResultFile from "./ResultFile.ts"
import { maxInlineBytes } from "./ResultScript.ts"
import { type JobState, type SimulatedJob, stateAt } from "./SimulatedJob.ts"
import type { SimulatedResponse } from "./SimulatedResponse.ts"
import type { SimulatorState } from "./SimulatorState.ts"
import { type ResultFields, statusBody, textOf } from "./StatusBody.ts"

/** The parts of a request for a job's status. */
export interface StatusRequest {
  readonly kind: JobKind
  /** The id in the path, decoded. */
  readonly id: string
  readonly method: string
  readonly token: "absent" | "valid" | "invalid"
  readonly account: string | null
}

/** The reference in a path; null when it cannot be one. */
export const refOf = (kind: JobKind, id: string): JobRef | null => Result.getOrElse(JobRef.of(kind, id), () => null)

/** The response to a request for a job's status that meets the given fault. */
export const respond = Effect.fnUntraced(function* (
  state: SimulatorState,
  request: StatusRequest,
  fault: Fault
): Effect.fn.Return<SimulatedResponse> {
  const found = find(state, request)
  if ("error" in found) return isJsonFault(fault) ? applyJsonFault(found.error, null, fault) : found.error
  const now = yield* state.time.now
  const jobState = stateAt(found.job, now)
  const body = statusBody(found.job, jobState, resultOf(state, found.job, jobState, now))
  const response: SimulatedResponse = {
    status: 200,
    headers: {},
    contentType: "application/json; charset=utf-8",
    body: textOf(body)
  }
  return isJsonFault(fault) ? applyJsonFault(response, body, fault) : response
})

/** The response for a path that no operation has. */
export const unknownPath: SimulatedResponse = problemResponse(404, "The path does not exist.")

const find = (
  { jobs, submitterOnly }: SimulatorState,
  { account, id, kind, method, token }: StatusRequest
): { readonly job: SimulatedJob } | { readonly error: SimulatedResponse } => {
  if (method !== "GET") return { error: problemResponse(405, `${method} is not allowed here.`, { allow: "GET" }) }
  if (token === "absent") return { error: gatewayResponse(401, "Missing authentication token") }
  if (token === "invalid") return { error: problemResponse(401, "The token in the TTD-Auth header is not valid.") }
  const ref = refOf(kind, id)
  if (ref === null) return { error: problemResponse(400, `The value '${id.slice(0, 100)}' is not valid for id.`) }
  const job = jobs.byRef(String(ref))
  if (job === undefined) return { error: problemResponse(404, missing(id)) }
  if (submitterOnly === null || job.account === account) return { job }
  const detail = submitterOnly === 404 ? missing(id) : `The job ${id.slice(0, 100)} belongs to another user.`
  return { error: problemResponse(submitterOnly, detail) }
}

const missing = (id: string) => `The job ${id.slice(0, 100)} does not exist.`

const resultOf = (state: SimulatorState, job: SimulatedJob, { result }: JobState, now: number): ResultFields => {
  switch (result._tag) {
    case "NoResult":
      return { url: null, rawResult: null }
    case "InlineResult":
      return { url: null, rawResult: result.text }
    case "FileResult":
      return {
        url: linkTo(state, job, result, now),
        rawResult:
          result.alsoInline && result.size <= maxInlineBytes
            ? (result.text ?? new TextDecoder().decode(ResultFile.ofJob(state.seed, job.ref, result).bytes()))
            : null
      }
  }
}
