/**
 * Complete writes to a process stream, with every error reported.
 *
 * @module
 */
import { fstatSync, writeSync } from "node:fs"

/** Writes data and calls back once it was handed to the system, or with the error. */
export type StreamWriter = (data: string | Uint8Array, done: (error?: Error | null) => void) => void

/** The writer of a process stream. */
export const writerOf = (stream: NodeJS.WriteStream & { readonly fd: number }): StreamWriter =>
  isFile(stream)
    ? (data, done) => done(writeWhole(stream.fd, typeof data === "string" ? Buffer.from(data) : data))
    : (data, done) => void stream.write(data, done)

/** Whether a descriptor is a file, or a device that is no terminal: what Node writes to synchronously. */
const isFile = ({ fd, isTTY }: NodeJS.WriteStream & { readonly fd: number }) => {
  try {
    const stats = fstatSync(fd)
    return !(stats.isFIFO() || stats.isSocket() || isTTY)
  } catch {
    return false
  }
}

/** Node's own stream for files takes a short write, which is how a disk becomes full, for a complete one. */
const writeWhole = (fd: number, data: Uint8Array): Error | undefined => {
  try {
    for (let written = 0; written < data.byteLength; ) written += writeSync(fd, data, written)
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
