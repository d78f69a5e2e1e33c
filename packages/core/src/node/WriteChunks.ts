/**
 * Writing chunks to an open file, a file descriptor, or a Node stream.
 *
 * @module
 */
import { writev } from "node:fs"
import type { FileHandle } from "node:fs/promises"
import type { Writable } from "node:stream"
import { setTimeout } from "node:timers/promises"
import { promisify } from "node:util"
import type { WriteChunks } from "./BatchWriter.ts"

/** Writes to an open file from a position on. */
export const toFile = (handle: FileHandle, start: number): WriteChunks => {
  let position = start
  return (chunks) =>
    writeAll(chunks, async (rest) => {
      const { bytesWritten } = await handle.writev(rest, position)
      position += bytesWritten
      return bytesWritten
    })
}

/** Writes to a descriptor where it stands: a device, a pipe, or a file that somebody else has opened. */
export const toDescriptor =
  (fd: number): WriteChunks =>
  (chunks) =>
    writeAll(chunks, async (rest) => {
      while (true) {
        try {
          const { bytesWritten } = await writeVector(fd, rest)
          return bytesWritten
        } catch (error) {
          // A pipe that somebody has made non-blocking is full.
          if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error
          await setTimeout(5)
        }
      }
    })

const writeVector = promisify(writev)

/** Writes to a stream, and waits until it has taken the last chunk. It is left open. */
export const toStream =
  (stream: Writable): WriteChunks =>
  async (chunks) => {
    for (const chunk of chunks) {
      await new Promise<void>((resolve, reject) => {
        stream.write(chunk, (error) => (error ? reject(error) : resolve()))
      })
    }
  }

/** A write may stop early, as when a disk is almost full: then the next one says why. */
const writeAll = async (
  chunks: ReadonlyArray<Uint8Array>,
  write: (chunks: ReadonlyArray<Uint8Array>) => Promise<number>
): Promise<void> => {
  let rest = chunks
  while (rest.length > 0) rest = after(rest, await write(rest))
}

const after = (chunks: ReadonlyArray<Uint8Array>, bytes: number): ReadonlyArray<Uint8Array> => {
  let skip = bytes
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.min(skip, chunk.byteLength))
    skip -= chunk.byteLength - rest.byteLength
    return rest.byteLength === 0 ? [] : [rest]
  })
}
