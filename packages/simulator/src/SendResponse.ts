/**
 * Sends a response, completely or with a fault of its transfer.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import * as ByteSource from "./ByteSource.ts"
import type { NoFault, SlowBody, Stall, TransferFault, TruncatedBody } from "./ConnectionFault.ts"
import * as NodeConnection from "./NodeConnection.ts"
import type { OpenRequest } from "./Recorder.ts"
import type { BodyBytes, SimulatedResponse } from "./SimulatedResponse.ts"

/** Sends the response with the fault. */
export const sendResponse = (
  response: SimulatedResponse,
  fault: NoFault | TransferFault,
  request: HttpServerRequest.HttpServerRequest,
  record: OpenRequest
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  switch (fault._tag) {
    case "ConnectionReset":
      return NodeConnection.reset(request)
    case "Hang":
      return silent(record)
    case "NoFault":
      if (typeof response.body === "string" && response.contentType !== null && response.body !== "") {
        record.bytes = Buffer.byteLength(response.body)
        const { contentType, status } = response
        return Effect.succeed(
          HttpServerResponse.text(response.body, {
            status,
            headers: headersOf(response),
            contentType: utf8(contentType)
          })
        )
      }
      return Effect.succeed(streamed(response, fault, request, record))
    default:
      return Effect.succeed(streamed(response, fault, request, record))
  }
}

/** The bytes of a body. */
export const bytesOf = (body: string | BodyBytes): BodyBytes => {
  if (typeof body !== "string") return body
  const source = ByteSource.fromText(body)
  return { source, start: 0, end: source.length, contentLength: source.length }
}

const streamed = (
  response: SimulatedResponse,
  fault: NoFault | TruncatedBody | Stall | SlowBody,
  request: HttpServerRequest.HttpServerRequest,
  record: OpenRequest
) => {
  const { contentLength, stream } = transferOf(bytesOf(response.body), fault, request, record)
  const counted = Stream.map(stream, (bytes) => {
    record.bytes += bytes.length
    return bytes
  })
  const streaming = HttpServerResponse.setBody(
    HttpServerResponse.empty({ status: response.status, headers: headersOf(response) }),
    HttpBody.stream(counted, utf8(response.contentType ?? ""), contentLength ?? undefined)
  )
  // Without a type a stream gets a default one, and an empty type is sent as an empty header.
  return response.contentType === null ? HttpServerResponse.removeHeader(streaming, "content-type") : streaming
}

/** The bytes to send, and the `Content-Length` that precedes them. */
const transferOf = (
  { contentLength, end, source, start }: BodyBytes,
  fault: NoFault | TruncatedBody | Stall | SlowBody,
  request: HttpServerRequest.HttpServerRequest,
  record: OpenRequest
): { readonly contentLength: number | null; readonly stream: Stream.Stream<Uint8Array> } => {
  const close = Stream.fromEffectDrain(NodeConnection.close(request))
  const upTo = (bytes: number) => ByteSource.stream(source, start, Math.min(end, start + bytes))
  switch (fault._tag) {
    case "NoFault": {
      const whole = ByteSource.stream(source, start, end)
      const tooShort = contentLength !== null && contentLength > end - start
      return { contentLength, stream: tooShort ? Stream.concat(whole, close) : whole }
    }
    case "TruncatedBody": {
      const after = fault.after ?? Math.floor((end - start) / 2)
      return {
        contentLength: fault.chunked ? null : (contentLength ?? end - start),
        stream: Stream.concat(upTo(after), close)
      }
    }
    case "Stall": {
      const silence = Stream.fromEffectDrain(Effect.andThen(NodeConnection.sendHead(request), silent(record)))
      // An empty body would be complete with its head.
      return {
        contentLength: contentLength === 0 ? null : contentLength,
        stream: Stream.concat(upTo(fault.after), silence)
      }
    }
    case "SlowBody": {
      const parts = ByteSource.stream(source, start, end, fault.bytes)
      const slow = Stream.mapEffect(parts, (bytes) => Effect.as(Effect.sleep(fault.every), bytes))
      const head = Stream.fromEffectDrain(NodeConnection.sendHead(request))
      return { contentLength, stream: Stream.concat(head, slow) }
    }
  }
}

/** Never ends; the report shows that the simulator sends nothing more. */
const silent = (record: OpenRequest): Effect.Effect<never> =>
  Effect.andThen(
    Effect.sync(() => {
      record.stalled = true
    }),
    Effect.never
  )

const headersOf = ({ headers }: SimulatedResponse) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, utf8(value)]))

/** Node writes header values as Latin-1: the characters of this text are the bytes of the UTF-8 encoding. */
const utf8 = (value: string) => Buffer.from(value, "utf8").toString("latin1")
