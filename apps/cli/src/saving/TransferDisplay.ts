/**
 * Progress of a download: one line that is redrawn on a terminal, else a line per notable event and one a minute as a heartbeat.
 *
 * @module
 */
import type { DownloadEvent, RemoteFile } from "@ttd-jobs/core"
import { Clock, Effect, Schedule, type Scope } from "effect"
import { glyphsFor } from "../display/Glyphs.ts"
import { liveRegion } from "../display/LiveRegion.ts"
import { paintFor } from "../display/Paint.ts"
import { type OutputError, type Stream, Streams } from "../display/Streams.ts"
import { cleanLine } from "../text/CleanText.ts"
import { elapsedText } from "../text/Elapsed.ts"
import { amountText, type Sample, type Transferring, transferLine, transferNote } from "./TransferText.ts"

/** Takes the events of a download. It is called between bytes, so it only records them. */
export type TransferDisplay = (event: DownloadEvent) => void

/** What decides about the form. */
export interface TransferDisplayOptions {
  /** The name of the result, from its server's headers. */
  readonly nameOf: (file: RemoteFile) => string
  readonly progress: "auto" | "plain" | "none"
  readonly quiet: boolean
  readonly verbose: boolean
  /** Whether the bytes go to standard output. */
  readonly toStdout: boolean
}

/** The display that fits the options and the streams, for as long as the scope is open. */
export const transferDisplay = Effect.fnUntraced(function* (
  options: TransferDisplayOptions
): Effect.fn.Return<TransferDisplay, never, Scope.Scope | Streams> {
  const { stderr, stdout } = yield* Streams
  const { progress, quiet, toStdout, verbose } = options
  if (quiet) return () => {}
  const isLive = progress === "auto" && !verbose && stderr.canRedraw && !(toStdout && stdout.isTerminal)
  return isLive ? yield* liveTransfer(stderr, options.nameOf) : yield* plainTransfer(stderr, progress !== "none")
})

/** The speed is that of the last five seconds, in frames. */
const mostSamples = 50

const liveTransfer = Effect.fnUntraced(function* (
  stream: Stream,
  nameOf: TransferDisplayOptions["nameOf"]
): Effect.fn.Return<TransferDisplay, never, Scope.Scope> {
  const paint = paintFor(stream)
  const glyphs = glyphsFor(stream)
  const region = yield* liveRegion(stream)
  const clock = yield* Clock.Clock
  let transfer: Omit<Transferring, "samples"> | undefined
  let samples: ReadonlyArray<Sample> = []
  const notes: Array<string> = []
  const redraw: Effect.Effect<void, OutputError> = Effect.gen(function* () {
    const text = notes.splice(0).join("")
    if (text !== "") yield* region.printAbove(text)
    if (transfer === undefined) return
    const { bytes } = transfer
    samples = [...samples, { at: yield* Clock.currentTimeMillis, bytes }].slice(-mostSamples)
    yield* region.draw([transferLine({ ...transfer, samples }, stream.size().columns, paint, glyphs)])
  })
  yield* Effect.forkScoped(Effect.ignore(Effect.repeat(redraw, Schedule.spaced("100 millis"))))
  return (event) => {
    const note = transferNote(event, clock.currentTimeMillisUnsafe())
    if (note !== undefined) notes.push(`${cleanLine(note)}\n`)
    if (event._tag === "Started" || event._tag === "StartedOver") {
      const bytes = event._tag === "Started" ? event.bytes : 0
      transfer = { name: nameOf(event.file), bytes, size: event.file.size }
      samples = []
    } else if (event._tag === "Progress" && transfer !== undefined) {
      transfer = { ...transfer, bytes: event.bytes, size: event.size }
    }
  }
})

const plainTransfer = Effect.fnUntraced(function* (
  stream: Stream,
  hasHeartbeat: boolean
): Effect.fn.Return<TransferDisplay, never, Scope.Scope> {
  const clock = yield* Clock.Clock
  const startedAt = clock.currentTimeMillisUnsafe()
  let amount = ""
  const heartbeat = Effect.map(Clock.currentTimeMillis, (now) =>
    stream.send(`still downloading after ${elapsedText(now - startedAt)}: ${amount}\n`)
  )
  if (hasHeartbeat) yield* Effect.forkScoped(Effect.forever(Effect.delay(heartbeat, "1 minute")))
  return (event) => {
    const note = transferNote(event, clock.currentTimeMillisUnsafe())
    if (note !== undefined) stream.send(`${cleanLine(note)}\n`)
    if (event._tag === "Progress") amount = amountText(event.bytes, event.size)
  }
})
