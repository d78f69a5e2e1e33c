/**
 * Ends of a connection that HTTP does not provide for. None of them resumes: the server interrupts a request whose connection
 * is gone.
 *
 * @module
 */

import type { ServerResponse } from "node:http"
import { NodeHttpServerRequest } from "@effect/platform-node"
import { Effect } from "effect"
import type { HttpServerRequest } from "effect/http"

/** Node's response of a request. */
export const responseOf = (request: HttpServerRequest.HttpServerRequest): ServerResponse => {
  const response = NodeHttpServerRequest.toServerResponse(request)
  if ("stream" in response) throw new TypeError("The simulator speaks HTTP/1.1 only.")
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

/** Closes the connection once everything written so far is on its way, so that the client gets exactly that. */
export const close = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<never> =>
  Effect.andThen(
    Effect.sync(() => {
      const response = responseOf(request)
      const { socket } = response
      response.flushHeaders()
      // A write of nothing is queued behind the others, and its callback comes after theirs.
      socket?.write(new Uint8Array(), () => socket.destroy())
    }),
    Effect.never
  )
