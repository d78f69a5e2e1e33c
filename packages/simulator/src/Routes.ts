/**
 * The two servers: every request is counted, meets its fault, and is answered.
 *
 * @module
 */
import { JobKind, jobKinds } from "@ttd-jobs/core"
import { Clock, Effect } from "effect"
import { HttpRouter, HttpServerRequest, type HttpServerResponse } from "effect/http"
import * as ApiServer from "./ApiServer.ts"
import * as Connection from "./Connection.ts"
import { type DeliveryFault, type Draft, deliver } from "./Delivery.ts"
import * as Fault from "./Fault.ts"
import type { Asked } from "./FaultScript.ts"
import * as FileServer from "./FileServer.ts"
import type { OpenRequest, RequestRecord } from "./Recorder.ts"
import type { World } from "./World.ts"

/** Everything the API's origin answers. */
export const api = Effect.fnUntraced(function* (world: World, requestId: () => string) {
  const router = yield* HttpRouter.make
  for (const kind of JobKind.literals) {
    const path = jobKinds[kind].path.replace("{id}", ":id")
    yield* router.add(
      "*",
      `/${path.slice(1)}`,
      Effect.flatMap(incoming(world, "api"), (request) => {
        const id = request.params["id"] ?? ""
        const { method, token } = request
        const ref = ApiServer.refOf(kind, id)
        const asked: Asked = { target: "api", operation: jobKinds[kind].operationId, ref: ref && String(ref) }
        return respond(world, request, asked, requestId, (fault) =>
          ApiServer.answer(world, { kind, id, method, token }, fault)
        )
      })
    )
  }
  yield* addFiles(router, world, "api", requestId)
  yield* addRest(router, world, "api", requestId)
  return router.asHttpEffect()
})

/** Everything the file server answers. */
export const files = Effect.fnUntraced(function* (world: World) {
  const router = yield* HttpRouter.make
  yield* addFiles(router, world, "files", undefined)
  yield* addRest(router, world, "files", undefined)
  return router.asHttpEffect()
})

/** A request, with what its path held. */
interface Incoming extends Pick<RequestRecord, "origin" | "method" | "path" | "token"> {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
}

type RequestId = (() => string) | undefined

const addFiles = (router: HttpRouter.HttpRouter, world: World, origin: "api" | "files", requestId: RequestId) =>
  router.add(
    "*",
    "/results/:name",
    Effect.flatMap(incoming(world, origin), (incoming) => {
      const name = incoming.params["name"] ?? ""
      const job = world.jobs.byFile.get(name)
      const asked: Asked = { target: "files", operation: null, ref: job === undefined ? null : String(job.ref) }
      return respond(world, incoming, asked, requestId, (fault) =>
        FileServer.answer(world, job, { ...incoming, name }, fault)
      )
    })
  )

const addRest = (router: HttpRouter.HttpRouter, world: World, origin: "api" | "files", requestId: RequestId) =>
  router.add(
    "*",
    "/*",
    Effect.flatMap(incoming(world, origin), (incoming) =>
      respond(world, incoming, { target: origin, operation: null, ref: null }, requestId, () =>
        Effect.succeed(ApiServer.notFound)
      )
    )
  )

const incoming = (world: World, origin: "api" | "files") =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const params = yield* HttpRouter.params
    const [path = "", query] = request.url.split("?", 2)
    const sent = request.headers["ttd-auth"]
    const token = sent === undefined ? "absent" : sent === world.token ? "right" : "wrong"
    const found: Incoming = {
      request,
      params,
      origin,
      method: request.method,
      path,
      query: new URLSearchParams(query),
      token
    }
    return found
  })

const respond = Effect.fnUntraced(function* (
  world: World,
  incoming: Incoming,
  asked: Asked,
  requestId: RequestId,
  answer: (fault: Fault.Fault) => Effect.Effect<Draft>
) {
  const record = yield* recorded(world, incoming, asked)
  // The hops of a redirect are part of the fault that began it.
  const fault = incoming.query.has("hops") ? Fault.honest : world.faults.take(asked)
  return yield* suffer(fault, incoming.request, record, requestId, answer)
})

/** The request counts as in flight until its scope closes, which is when its answer has been handed over. */
const recorded = Effect.fnUntraced(function* (world: World, incoming: Incoming, asked: Asked) {
  const { method, origin, path, request, token } = incoming
  const mask = (text: string) => text.replaceAll(world.token, "<redacted>")
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    name === "ttd-auth" || value === undefined ? [] : [[name, mask(value)] as const]
  )
  const at = yield* Clock.currentTimeMillis
  const response = Connection.responseOf(request)
  return yield* Effect.acquireRelease(
    Effect.sync(() =>
      world.recorder.begin(
        { ...asked, ref: asked.ref && mask(asked.ref) },
        {
          at,
          origin,
          method,
          path: mask(path),
          token,
          headers: Object.fromEntries(headers)
        }
      )
    ),
    (record) => Effect.sync(() => record.end(response.headersSent ? response.statusCode : null, response.writableEnded))
  )
})

const suffer = (
  fault: Fault.Fault,
  request: HttpServerRequest.HttpServerRequest,
  record: OpenRequest,
  requestId: RequestId,
  answer: (fault: Fault.Fault) => Effect.Effect<Draft>
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  if (fault._tag !== "Honest") record.fault ??= Fault.nameOf(fault)
  const send = (draft: Draft, wire: DeliveryFault, withId = true) =>
    deliver(
      withId && requestId !== undefined
        ? { ...draft, headers: { "x-ttd-request-id": requestId(), ...draft.headers } }
        : draft,
      wire,
      request,
      record
    )
  switch (fault._tag) {
    case "Latency":
      return Effect.andThen(
        Effect.sleep(fault.duration),
        Effect.suspend(() => suffer(fault.next, request, record, requestId, answer))
      )
    case "Answer":
      return send(fault, Fault.honest, fault.requestId)
    case "ConnectionReset":
    case "Hang":
    case "Cut":
    case "Stall":
    case "SlowBody":
      return Effect.flatMap(answer(Fault.honest), (draft) => send(draft, fault))
    default:
      return Effect.flatMap(answer(fault), (draft) => send(draft, Fault.honest))
  }
}
