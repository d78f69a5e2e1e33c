/**
 * Which transport downloads use: an application may provide one of its own.
 *
 * @module
 */
import * as Context from "effect/Context"
import type { FileTransport } from "./FileTransport.ts"

/**
 * The transport of downloads, for an Effect application to provide, such as `socketTransport({ lookup })` of `@ttd-jobs/core/node`, which
 * can refuse addresses. Default: none, which is the client's own `fetch` where it has one, else sockets on Node and `fetch` elsewhere.
 *
 * @example
 * ```ts
 * import { CurrentTransport } from "@ttd-jobs/core"
 * import { socketTransport } from "@ttd-jobs/core/node"
 * import { Effect } from "effect"
 *
 * const withSockets = Effect.provideService(CurrentTransport, socketTransport())
 * ```
 */
export const CurrentTransport = Context.Reference<FileTransport | undefined>("@ttd-jobs/core/CurrentTransport", {
  defaultValue: () => undefined
})
