import * as P from "./PollingSimulation.ts"
import { Duration } from "effect"
let s = 12345; const random = () => { s = (Math.imul(s, 1664525) + 1013904223) >>> 0; return s / 2**32 }
for (const progress of ["none", "steady", "stalled", "bursty", (e: number) => Math.floor(e*100)] as const) for (const d of ["5 seconds","20 seconds","1 minute","3 minutes", "10 minutes", "1 hour", "3 hours", "10 hours"] as const) {
  const duration = Duration.fromInputUnsafe(d)
  const r = P.summarize(P.adaptive, { duration, progress }, 2000, random)
  console.log(String(typeof progress === "string" ? progress : "integers").padEnd(9), d.padEnd(11), "req", r.requests.median, r.requests.p95, "late s", (r.lateness.median/1e3).toFixed(1), (r.lateness.p95/1e3).toFixed(1), "=", (r.lateness.p95/Duration.toMillis(duration)*100).toFixed(1)+"%")
}
