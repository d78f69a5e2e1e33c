/**
 * Runs the benchmarks: ratios measured side by side in one run, with the environment. Exit code 1 when a target is missed:
 *
 *     pnpm bench [SECTION …]
 */
import { cpus, totalmem } from "node:os"
import { missedMark } from "./Table.ts"

const sections: Readonly<Record<string, () => Promise<string>>> = {
  calls: async () => (await import("./calls.ts")).callsPerSecond(),
  startup: async () => (await import("./startup.ts")).startup(),
  polling: async () => (await import("./polling.ts")).polling(),
  waiting: async () => (await import("./waiting.ts")).waiting(),
  download: async () => (await import("./download.ts")).download()
}

const wanted = process.argv.slice(2).filter((word) => word !== "--")
const unknown = wanted.filter((name) => !Object.hasOwn(sections, name))
if (unknown.length > 0) {
  console.error(`no such section: ${unknown.join(", ")}; there are ${Object.keys(sections).join(", ")}`)
  process.exit(2)
}

const [cpu] = cpus()
console.log(
  `${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model ?? "unknown"}, ` +
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
)
const missed: Array<string> = []
for (const [name, measure] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const result = await measure()
  console.log(`\n## ${name}\n\n${result}`)
  missed.push(...result.split("\n").filter((row) => row.includes(missedMark)))
}
if (missed.length > 0) console.log(`\n## missed targets\n\n${missed.join("\n")}`)
process.exit(missed.length === 0 ? 0 : 1)
