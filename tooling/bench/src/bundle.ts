import { gzipSync } from "node:zlib"
import { rolldown } from "rolldown"
import { table } from "./Table.ts"

const target = 34

/** What a page loads to ask for a job's status: minified and compressed, Effect and ky included. */
export const bundleSize = async (): Promise<string> =>
  table(
    ["minimal browser bundle", "at once, KB gzip", "when first used, KB gzip"],
    [
      await row(
        "promises",
        'import { createClient } from "@ttd-jobs/core/promise"; globalThis.status = (options) => createClient(options)'
      ),
      await row("effects", 'import { JobStatus } from "@ttd-jobs/core"; globalThis.layer = JobStatus.layer')
    ]
  )

const row = async (name: string, source: string): Promise<ReadonlyArray<string>> => {
  const build = await rolldown({
    input: "entry",
    platform: "browser",
    resolve: { conditionNames: ["@ttd-jobs/source", "import", "browser", "default"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "entry" ? new URL("entry.ts", import.meta.url).pathname : null),
        load: (id) => (id.endsWith("/src/entry.ts") ? source : null)
      }
    ]
  })
  const { output } = await build.generate({ format: "esm", minify: true })
  const chunks = output.filter((file) => file.type === "chunk")
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const atOnce = new Set<string>()
  const load = (fileName: string) => {
    if (atOnce.has(fileName)) return
    atOnce.add(fileName)
    for (const imported of byName.get(fileName)?.imports ?? []) load(imported)
  }
  for (const chunk of chunks) if (chunk.isEntry) load(chunk.fileName)
  const size = (wanted: boolean) =>
    chunks
      .filter(({ fileName }) => atOnce.has(fileName) === wanted)
      .reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0) / 1000
  const first = size(true)
  return [name, `${first.toFixed(1)} (≤ ${target}${first <= target ? "" : ", missed"})`, size(false).toFixed(1)]
}
