/**
 * Bundle size of an entry point with the bundlers that people use: minified, gzip level 9, built packages, browser conditions.
 *
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { nodeResolve } from "@rollup/plugin-node-resolve"
import { build as esbuild } from "esbuild"
import { rolldown } from "rolldown"
import { type Plugin, rollup } from "rollup"
import { minify } from "terser"
import webpack from "webpack"

/** Kilobytes (1,000 bytes) after gzip. */
export interface BundleSize {
  /** What a page loads at once: the entry and the chunks that it imports statically. */
  readonly initial: number
  /** What is loaded by dynamic imports. */
  readonly deferred: number
}

/** A bundler by name. */
export type Bundler = "rolldown" | "rollup" | "esbuild, splitting" | "esbuild" | "webpack"

/** Bundles a module's source text and measures the output. Imports resolve from this package. */
export const bundleSize = async (bundler: Bundler, source: string): Promise<BundleSize> => {
  // Inside the package, so that the bundlers resolve its dependencies.
  const folder = mkdtempSync(join(import.meta.dirname, "../node_modules/.bundle-"))
  const input = join(folder, "entry.mjs")
  const output = join(folder, "out")
  writeFileSync(input, source)
  try {
    return sizeOf(output, await bundlers[bundler](input, output))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Each writes `entry.js` and chunks to the output folder, and returns the names of the files that are loaded at once. */
const bundlers: Readonly<Record<Bundler, (input: string, output: string) => Promise<ReadonlySet<string>>>> = {
  rolldown: async (input, dir) => {
    const bundle = await rolldown({ input, platform: "browser" })
    const { output } = await bundle.write({ dir, format: "esm", minify: true })
    return staticImports(output.flatMap((file) => (file.type === "chunk" ? [file] : [])))
  },
  rollup: async (input, dir) => {
    const bundle = await rollup({ input, plugins: [nodeResolve({ browser: true }), terser] })
    const { output } = await bundle.write({ dir, format: "es" })
    return staticImports(output.flatMap((file) => (file.type === "chunk" ? [file] : [])))
  },
  "esbuild, splitting": (input, outdir) => withEsbuild(input, outdir, true),
  esbuild: (input, outdir) => withEsbuild(input, outdir, false),
  webpack: (input, path) =>
    new Promise((resolve, reject) => {
      const compiler = webpack({
        mode: "production",
        entry: input,
        output: { path, filename: "entry.js" },
        performance: { hints: false }
      })
      compiler.run((error, stats) => {
        if (error !== null || stats === undefined || stats.hasErrors()) reject(error ?? new Error(stats?.toString()))
        else resolve(new Set(["entry.js"]))
      })
    })
}

const terser: Plugin = {
  name: "terser",
  renderChunk: async (code) => ({ code: (await minify(code, { module: true })).code ?? code, map: null })
}

const withEsbuild = async (input: string, outdir: string, splitting: boolean): Promise<ReadonlySet<string>> => {
  const options = { bundle: true, minify: true, format: "esm", platform: "browser", target: "es2023" } as const
  const { metafile } = await esbuild({ entryPoints: [input], outdir, splitting, metafile: true, ...options })
  return staticImports(
    Object.entries(metafile.outputs).map(([file, { entryPoint, imports }]) => ({
      fileName: nameOf(file),
      isEntry: entryPoint !== undefined && nameOf(entryPoint) === nameOf(input),
      imports: imports.flatMap(({ kind, path }) => (kind === "import-statement" ? [nameOf(path)] : []))
    }))
  )
}

const nameOf = (path: string) => path.split("/").at(-1) ?? path

interface Chunk {
  readonly fileName: string
  readonly isEntry: boolean
  readonly imports: ReadonlyArray<string>
}

/** The entry chunk and all chunks that it imports statically, directly or not. */
const staticImports = (chunks: ReadonlyArray<Chunk>): ReadonlySet<string> => {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const loaded = new Set<string>()
  const load = (name: string) => {
    if (loaded.has(name)) return
    loaded.add(name)
    for (const imported of byName.get(name)?.imports ?? []) load(imported)
  }
  for (const { fileName, isEntry } of chunks) if (isEntry) load(fileName)
  return loaded
}

const sizeOf = (folder: string, initial: ReadonlySet<string>): BundleSize => {
  const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.m?js$/.test(file))
  const total = (wanted: boolean) =>
    scripts
      .filter((file) => initial.has(nameOf(file)) === wanted)
      .reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0) / 1000
  return { initial: total(true), deferred: total(false) }
}
