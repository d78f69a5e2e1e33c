/**
 * How long turns of the event loop take.
 *
 * @module
 */
import { monitorEventLoopDelay } from "node:perf_hooks"

/** Turns of the event loop, in milliseconds. */
export interface Turns {
  /** CPU time of the main thread in a turn: what else the machine does, does not count. */
  readonly cpu: { readonly p99: number; readonly most: number }
  /** Event-loop delay by the clock. */
  readonly delay: { readonly median: number; readonly p99: number; readonly most: number }
}

/** Measures the turns during an action. */
export const turnsOf = async <A>(action: () => Promise<A>): Promise<{ readonly turns: Turns; readonly result: A }> => {
  const times: Array<number> = []
  let isOver = false
  let last = cpuTime()
  const tick = () => {
    const now = cpuTime()
    times.push(now - last)
    last = now
    if (!isOver) setTimeout(tick, 0)
  }
  setTimeout(tick, 0)
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  const result = await action()
  delays.disable()
  isOver = true
  const sorted = times.toSorted((one, other) => one - other)
  const cpu = { p99: sorted[Math.floor(0.99 * sorted.length)] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN }
  const delay = { median: delays.percentile(50) / 1e6, p99: delays.percentile(99) / 1e6, most: delays.max / 1e6 }
  return { turns: { cpu, delay }, result }
}

const cpuTime = (): number => {
  const { system, user } = process.threadCpuUsage()
  return (user + system) / 1000
}
