/**
 * Identity of a process, and whether another one is still running: process ids are reused, and containers number theirs apart.
 *
 * @module
 */
import { readFile, readlink } from "node:fs/promises"
import { hostname } from "node:os"
import * as Schema from "effect/Schema"

/** A process. */
export const ProcessIdentity = Schema.Struct({
  pid: Schema.Int,
  /** When it started, in the kernel's units; null where the system does not say. */
  startedAt: Schema.NullOr(Schema.String),
  /** The machine and, in containers, the process namespace: process ids mean something inside it. */
  machine: Schema.String
})
export type ProcessIdentity = typeof ProcessIdentity.Type

/** The identity of this process. */
export const current = async (): Promise<ProcessIdentity> => ({
  pid: process.pid,
  startedAt: (await statOf("self"))?.startedAt ?? null,
  machine: await machine()
})

/** Whether a process is running; undefined when it cannot be known from here. */
export const isRunning = async (other: ProcessIdentity): Promise<boolean | undefined> => {
  if (other.machine !== (await machine())) return undefined
  if (!exists(other.pid)) return false
  const stat = await statOf(other.pid)
  if (stat === undefined || other.startedAt === null) return true
  return stat.startedAt === other.startedAt && stat.state !== "Z"
}

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process.
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

/** Fields 3 and 22 of `/proc/PID/stat` (proc(5)); the second one, the name, may contain spaces and brackets. */
const statOf = async (pid: number | "self") => {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const [state, startedAt] = [fields[0], fields[19]]
  return state === undefined || startedAt === undefined ? undefined : { state, startedAt }
}

const machine = async (): Promise<string> => {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "")
  return [hostname(), boot.trim(), namespace].filter((part) => part !== "").join(" ")
}
