/**
 * An HTTP server that can be stopped and started again on the same port.
 *
 * @module
 */
import { createServer, type Server } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import { ServeError } from "effect/http/HttpServerError"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"

/** A server in a scope; all its connections end with the scope, hanging ones too, whatever the clock is. */
export const makeTestServer = Effect.fnUntraced(function* (host: string, port: number) {
  const node = createServer({ highWaterMark: 1024 * 1024 })
  const { address, serve } = yield* NodeHttpServer.make(() => node, { host, port, disablePreemptiveShutdown: true })
  const url = HttpServer.formatAddress(address)
  return {
    url,
    serve: <E>(app: Effect.Effect<HttpServerResponse, E, HttpServerRequest | Scope.Scope>) =>
      // Finalizers run in reverse order: connections end before handlers do, which would send a response about their interruption.
      Effect.andThen(
        serve(app),
        Effect.addFinalizer(() => close(node))
      ),
    stop: close(node),
    start: Effect.suspend(() => (node.listening ? Effect.void : listen(node, host, Number(new URL(url).port))))
  }
})

const close = (server: Server) =>
  Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

const listen = (server: Server, host: string, port: number) =>
  Effect.callback<void, ServeError>((resume) => {
    const onError = (cause: Error) => resume(Effect.fail(new ServeError({ cause })))
    server.once("error", onError)
    server.listen({ host, port }, () => {
      server.off("error", onError)
      resume(Effect.void)
    })
  })
