/**
 * Routes of both servers: every request is recorded, meets its fault, and gets its response.
 *
 * @module
 */
import { JobKind, jobKinds } from "@ttd-jobs/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { TransferFault } from "./ConnectionFault.ts"
import { encodeResponse } from "./EncodeResponse.ts"
import { gatewayResponse } from "./ErrorResponse.ts"
import * as Fault from "./Fault.ts"
import type { RequestTarget } from "./FaultQueue.ts"
import * as FileServer from "./FileServer.ts"
import * as NodeConnection from "./NodeConnection.ts"
import type { OpenRequest, RequestRecord } from "./Recorder.ts"
import { sendResponse } from "./SendResponse.ts"
import type { SimulatedResponse } from "./SimulatedResponse.ts"
import type { SimulatorState } from "./SimulatorState.ts"
import * as StatusApi from "./StatusApi.ts"

/** The routes of the API's origin. */
export const api = Effect.fnUntraced(function* (state: SimulatorState, requestId: () => string) {
  const router = yield* HttpRouter.make
  for (const kind of JobKind.literals) {
    const { operationId: operation, path } = jobKinds[kind]
    yield* router.add(
      "*",
      `/${path.replace("{id}", ":id").slice(1)}`,
      Effect.flatMap(incoming(state, "api"), (incoming) => {
        const id = incoming.params["id"] ?? ""
        const ref = StatusApi.refOf(kind, id)
        const target = { ...incoming.target, operation, ref: ref && String(ref) }
        return handle(state, { ...incoming, target }, requestId, (fault) =>
          StatusApi.respond(state, { ...incoming, kind, id }, fault)
        )
      })
    )
  }
  yield* addFiles(router, state, "api", requestId)
  yield* addUnknownPaths(router, state, "api", requestId)
  return router.asHttpEffect()
})

/** The routes of the file server. */
export const files = Effect.fnUntraced(function* (state: SimulatorState) {
  const router = yield* HttpRouter.make
  yield* addFiles(router, state, "files", undefined)
  yield* addUnknownPaths(router, state, "files", undefined)
  return router.asHttpEffect()
})

/** A request and the parts of its path. */
interface Incoming extends Pick<RequestRecord, "origin" | "method" | "path" | "token" | "account"> {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  readonly target: RequestTarget
}

type RequestId = (() => string) | undefined

const addFiles = (
  router: HttpRouter.HttpRouter,
  state: SimulatorState,
  origin: "api" | "files",
  requestId: RequestId
) =>
  router.add(
    "*",
    "/results/:name",
    Effect.flatMap(incoming(state, origin), (incoming) => {
      const name = incoming.params["name"] ?? ""
      const job = state.jobs.byFile(name)
      const target: RequestTarget = {
        ...incoming.target,
        server: "files",
        ref: job === undefined ? null : String(job.ref)
      }
      const { range, "if-range": ifRange } = incoming.request.headers
      return handle(state, { ...incoming, target }, requestId, (fault) =>
        FileServer.respond(state, job, { ...incoming, name, range, ifRange }, fault)
      )
    })
  )

const addUnknownPaths = (
  router: HttpRouter.HttpRouter,
  state: SimulatorState,
  origin: "api" | "files",
  requestId: RequestId
) =>
  router.add(
    "*",
    "/*",
    Effect.flatMap(incoming(state, origin), (incoming) =>
      handle(state, incoming, requestId, () => Effect.succeed(StatusApi.unknownPath))
    )
  )

const incoming = (state: SimulatorState, origin: "api" | "files") =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const params = yield* HttpRouter.params
    const [path = "", query] = request.url.split("?", 2)
    const sent = request.headers["ttd-auth"]
    const account = sent === undefined ? null : (state.accounts.nameOf(sent) ?? null)
    const found: Incoming = {
      request,
      params,
      origin,
      method: request.method,
      path,
      query: new URLSearchParams(query),
      token: sent === undefined ? "absent" : account === null ? "invalid" : "valid",
      account,
      target: { server: origin, operation: null, ref: null, account }
    }
    return found
  })

const handle = Effect.fnUntraced(function* (
  state: SimulatorState,
  incoming: Incoming,
  requestId: RequestId,
  respond: (fault: Fault.Fault) => Effect.Effect<SimulatedResponse>
) {
  const { account, query, request, target } = incoming
  const now = yield* Clock.currentTimeMillis
  const record = yield* recorded(state, incoming, now)
  // The hops of a redirect are part of the fault that started it.
  const fault = query.has("hops") ? Fault.none : state.faults.take(target, now)
  const retryAfter =
    account === null || target.operation === null ? null : state.accounts.countRequest(account, target.operation, now)
  const regular = (fault: Fault.Fault) =>
    retryAfter === null
      ? respond(fault)
      : Effect.succeed(gatewayResponse(429, "Too many requests.", { "retry-after": String(retryAfter) }))
  const response = yield* withFault(fault, request, record, requestId, regular)
  return target.operation === null ? response : dated(response, yield* state.time.now)
})

/** A response with the time by the simulator's own clock, by which jobs are created and end. */
const dated = (response: HttpServerResponse.HttpServerResponse, now: number) =>
  "date" in response.headers ? response : HttpServerResponse.setHeader(response, "date", new Date(now).toUTCString())

/** The request counts as in flight until its scope closes, which is when its response was passed to the connection. */
const recorded = Effect.fnUntraced(function* (state: SimulatorState, incoming: Incoming, at: number) {
  const { method, origin, path, request, target, token } = incoming
  const { redact } = state.accounts
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    name === "ttd-auth" || value === undefined ? [] : [[name, redact(value)] as const]
  )
  const response = NodeConnection.responseOf(request)
  return yield* Effect.acquireRelease(
    Effect.sync(() =>
      state.recorder.begin(
        { ...target, ref: target.ref && redact(target.ref) },
        { at, origin, method, path: redact(path), token, headers: Object.fromEntries(headers) }
      )
    ),
    (record) => Effect.sync(() => record.end(response.headersSent ? response.statusCode : null, response.writableEnded))
  )
})

const withFault = (
  fault: Fault.Fault,
  request: HttpServerRequest.HttpServerRequest,
  record: OpenRequest,
  requestId: RequestId,
  respond: (fault: Fault.Fault) => Effect.Effect<SimulatedResponse>
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  if (fault._tag !== "NoFault") record.fault ??= Fault.nameOf(fault)
  const send = (response: SimulatedResponse, transfer: Fault.NoFault | TransferFault = Fault.none, withId = true) => {
    const headers = withId && requestId !== undefined ? { "x-ttd-request-id": requestId() } : {}
    return sendResponse({ ...response, headers: { ...headers, ...response.headers } }, transfer, request, record)
  }
  switch (fault._tag) {
    case "Latency":
      return Effect.andThen(
        Effect.sleep(fault.duration),
        Effect.suspend(() => withFault(fault.next, request, record, requestId, respond))
      )
    case "FixedResponse":
      return send(fault, fault.transfer, fault.requestId)
    case "RawResponse":
      return NodeConnection.writeRaw(request, fault.bytes)
    case "ConnectionReset":
    case "Hang":
    case "TruncatedBody":
    case "Stall":
    case "SlowBody":
      return Effect.flatMap(respond(Fault.none), (response) => send(response, fault))
    default:
      return Effect.flatMap(respond(fault), (response) => send(changed(response, fault)))
  }
}

/** The response with a fault of its head or encoding. */
const changed = (response: SimulatedResponse, fault: Fault.Fault): SimulatedResponse => {
  switch (fault._tag) {
    case "OtherStatus":
      return { ...response, status: fault.status }
    case "ExtraHeaders":
      return {
        ...response,
        headers: { ...response.headers, "content-security-policy": "x".repeat(fault.bytes) }
      }
    case "Encoded":
      return encodeResponse(response, fault)
    default:
      return response
  }
}
