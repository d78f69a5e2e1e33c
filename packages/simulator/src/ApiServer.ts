/**
 * The three operations.
 *
 * @module
 */
import { type JobKind, JobRef } from "@ttd-jobs/core"
import { Effect, Result } from "effect"
import { isBodyFault } from "./BodyFault.ts"
import type { Draft } from "./Delivery.ts"
import type { Fault } from "./Fault.ts"
import * as FaultyBody from "./FaultyBody.ts"
import { linkTo } from "./FileServer.ts"
import { problem } from "./Problem.ts"
import * as ResultFile from "./ResultFile.ts"
import { type JobState, type SimulatedJob, stateAt } from "./SimulatedJob.ts"
import { fitsInline, jsonText, type ResultFields, type StatusBody, statusBody } from "./StatusBody.ts"
import type { World } from "./World.ts"

/** A request for a job's status, taken apart. */
export interface StatusRequest {
  readonly kind: JobKind
  /** The id as it stood in the path, decoded. */
  readonly id: string
  readonly method: string
  readonly token: "absent" | "right" | "wrong"
}

/** The reference that a path names; null when it cannot be one. */
export const refOf = (kind: JobKind, id: string): JobRef | null => Result.getOrElse(JobRef.of(kind, id), () => null)

/** The answer to a request for a job's status that meets the given fault. */
export const answer = Effect.fnUntraced(function* (
  world: World,
  asked: StatusRequest,
  fault: Fault
): Effect.fn.Return<Draft> {
  const found = find(world, asked)
  if ("refusal" in found) {
    return isBodyFault(fault) ? FaultyBody.applyTo(found.refusal, null, fault) : found.refusal
  }
  const now = yield* world.time.now
  const state = stateAt(found.job, now)
  const body: StatusBody = statusBody(found.job, state, resultOf(world, found.job, state, now))
  const draft: Draft = {
    status: 200,
    headers: {},
    contentType: "application/json; charset=utf-8",
    body: jsonText(body)
  }
  return isBodyFault(fault) ? FaultyBody.applyTo(draft, body, fault) : draft
})

/** What a path that is no operation's gets. */
export const notFound: Draft = problem(404, "There is no such path.")

const find = (
  world: World,
  { id, kind, method, token }: StatusRequest
): { readonly job: SimulatedJob } | { readonly refusal: Draft } => {
  if (method !== "GET") return { refusal: problem(405, `${method} is not allowed here.`, { allow: "GET" }) }
  if (token === "absent") return { refusal: problem(401, "The TTD-Auth header is missing.") }
  if (token === "wrong") return { refusal: problem(401, "The token in the TTD-Auth header is not valid.") }
  const ref = refOf(kind, id)
  if (ref === null) return { refusal: problem(400, `The value '${id.slice(0, 100)}' is not valid for id.`) }
  const job = world.jobs.byRef.get(String(ref))
  return job === undefined ? { refusal: problem(404, `There is no job ${id.slice(0, 100)}.`) } : { job }
}

const resultOf = (world: World, job: SimulatedJob, { result }: JobState, now: number): ResultFields => {
  switch (result._tag) {
    case "NoResult":
      return { url: null, rawResult: null }
    case "InlineResult":
      return { url: null, rawResult: result.text }
    case "FileResult": {
      const inline = result.alsoInline === true && fitsInline(result.size)
      const text = inline ? new TextDecoder().decode(ResultFile.ofJob(world.seed, job.ref, result).bytes()) : null
      return { url: linkTo(world, job, result, now), rawResult: text }
    }
  }
}
