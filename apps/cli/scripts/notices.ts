/**
 * What the licences of the packages that are carried along ask for: their texts, in one file beside the program.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { TsdownPlugin } from "tsdown"

/** Writes `THIRD-PARTY-NOTICES.txt` for whatever the bundle was made of. */
export const notices = (): TsdownPlugin => ({
  name: "notices",
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((output) => (output.type === "chunk" ? output.moduleIds : []))
    const folders = new Set(modules.flatMap((id) => packageFolder.exec(id)?.[0] ?? []))
    const texts = new Map([...folders].map(noticeOf))
    const source = [...texts.keys()].toSorted().map((name) => texts.get(name))
    this.emitFile({
      type: "asset",
      fileName: "THIRD-PARTY-NOTICES.txt",
      source: source.join(`\n\n${"-".repeat(80)}\n\n`)
    })
  }
})

const packageFolder = /^\/?.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/

/** A package's name and version, and the text of its licence. */
const noticeOf = (folder: string): readonly [name: string, text: string] => {
  const { license, name, version }: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (file === undefined) throw new Error(`${name} is carried along without the text of its licence (${license})`)
  return [name, `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}`]
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
}
