/**
 * Operations on a request's connection that HTTP does not provide. Those that end the connection never resume: the server interrupts
 * a request whose connection is closed.
 *
 * @module
 */
import type { ServerResponse } from "node:http"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"

/** Node's response of a request. */
export const responseOf = (request: HttpServerRequest.HttpServerRequest): ServerResponse => {
  const response = NodeHttpServerRequest.toServerResponse(request)
  if ("stream" in response) throw new TypeError("The simulator supports HTTP/1.1 only.")
  return response
}

/** Resets the connection at once (TCP RST). */
export const reset = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<never> =>
  Effect.andThen(
    Effect.sync(() => {
      responseOf(request).socket?.resetAndDestroy()
    }),
    Effect.never
  )

/** Sends the head, also when no byte of the body follows. */
export const sendHead = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<void> =>
  Effect.sync(() => responseOf(request).flushHeaders())

/** Closes the connection after everything written so far was sent. */
export const close = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<never> =>
  Effect.andThen(
    Effect.sync(() => {
      const response = responseOf(request)
      const { socket } = response
      response.flushHeaders()
      // An empty write is queued behind the others, and its callback comes after theirs.
      socket?.write(new Uint8Array(), () => socket.destroy())
    }),
    Effect.never
  )

/** Writes bytes instead of a response, then closes the connection. */
export const writeRaw = (request: HttpServerRequest.HttpServerRequest, bytes: Uint8Array): Effect.Effect<never> =>
  Effect.andThen(
    Effect.sync(() => {
      const { socket } = responseOf(request)
      socket?.write(bytes, () => socket.end(() => socket.destroy()))
    }),
    Effect.never
  )
