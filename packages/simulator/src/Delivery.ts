/**
 * Sending an answer, honestly or with what can go wrong on the wire.
 *
 * @module
 */
import { Effect, Stream } from "effect"
import { HttpBody, type HttpServerRequest, HttpServerResponse } from "effect/http"
import * as ByteSource from "./ByteSource.ts"
import * as Connection from "./Connection.ts"
import type { OpenRequest } from "./Recorder.ts"
import type { ConnectionReset, Cut, Hang, Honest, SlowBody, Stall } from "./WireFault.ts"

/** An answer before it is sent. */
export interface Draft {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly contentType: string | null
  readonly body: string | DraftBytes
}

/** A body that is made while it is sent. */
export interface DraftBytes {
  readonly source: ByteSource.ByteSource
  readonly start: number
  readonly end: number
  /** What `Content-Length` says; null for a chunked body. */
  readonly contentLength: number | null
}

/** What can go wrong with a draft on the wire. */
export type DeliveryFault = Honest | ConnectionReset | Hang | Cut | Stall | SlowBody

/** The draft as a response that suffers the fault. */
export const deliver = (
  draft: Draft,
  fault: DeliveryFault,
  request: HttpServerRequest.HttpServerRequest,
  record: OpenRequest
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  switch (fault._tag) {
    case "ConnectionReset":
      return Connection.reset(request)
    case "Hang":
      return Effect.never
    case "Honest":
      if (typeof draft.body === "string" && draft.contentType !== null && draft.body !== "") {
        record.bytes = Buffer.byteLength(draft.body)
        const { contentType, headers, status } = draft
        return Effect.succeed(HttpServerResponse.text(draft.body, { status, headers, contentType }))
      }
      return Effect.succeed(streamed(draft, bytesOf(draft.body), fault, request, record))
    default:
      return Effect.succeed(streamed(draft, bytesOf(draft.body), fault, request, record))
  }
}

const bytesOf = (body: string | DraftBytes): DraftBytes => {
  if (typeof body !== "string") return body
  const source = ByteSource.fromText(body)
  return { source, start: 0, end: source.length, contentLength: source.length }
}

const streamed = (
  draft: Draft,
  bytes: DraftBytes,
  fault: Honest | Cut | Stall | SlowBody,
  request: HttpServerRequest.HttpServerRequest,
  record: OpenRequest
) => {
  const { contentLength, stream } = sent(bytes, fault, request)
  const counted = Stream.map(stream, (view) => {
    record.bytes += view.length
    return view
  })
  const response = HttpServerResponse.setBody(
    HttpServerResponse.empty({ status: draft.status, headers: draft.headers }),
    HttpBody.stream(counted, draft.contentType ?? "", contentLength ?? undefined)
  )
  // Without a type a stream gets one, and with an empty one the header is sent empty.
  return draft.contentType === null ? HttpServerResponse.removeHeader(response, "content-type") : response
}

/** The bytes that go out, and the `Content-Length` that goes ahead of them. */
const sent = (
  { contentLength, end, source, start }: DraftBytes,
  fault: Honest | Cut | Stall | SlowBody,
  request: HttpServerRequest.HttpServerRequest
): { readonly contentLength: number | null; readonly stream: Stream.Stream<Uint8Array> } => {
  const close = Stream.fromEffectDrain(Connection.close(request))
  const upTo = (bytes: number) => ByteSource.stream(source, start, Math.min(end, start + bytes))
  switch (fault._tag) {
    case "Honest": {
      const whole = ByteSource.stream(source, start, end)
      const tooShort = contentLength !== null && contentLength > end - start
      return { contentLength, stream: tooShort ? Stream.concat(whole, close) : whole }
    }
    case "Cut": {
      const after = fault.after ?? Math.floor((end - start) / 2)
      return {
        contentLength: fault.chunked ? null : (contentLength ?? end - start),
        stream: Stream.concat(upTo(after), close)
      }
    }
    case "Stall": {
      const silence = Stream.fromEffectDrain(Effect.andThen(Connection.sendHead(request), Effect.never))
      return { contentLength, stream: Stream.concat(upTo(fault.after), silence) }
    }
    case "SlowBody": {
      const portions = ByteSource.stream(source, start, end, fault.bytes)
      const dripping = Stream.mapEffect(portions, (view) => Effect.as(Effect.sleep(fault.every), view))
      const head = Stream.fromEffectDrain(Connection.sendHead(request))
      return { contentLength, stream: Stream.concat(head, dripping) }
    }
  }
}
