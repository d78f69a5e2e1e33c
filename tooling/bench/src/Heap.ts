/**
 * Memory in use.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises"

/** Bytes in use after garbage collection; needs `--expose-gc`. */
export const heap = async (): Promise<number> => {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.()
    await sleep(50)
  }
  return process.memoryUsage().heapUsed
}
