/**
 * What users can import, and what is said about it, as the compiler knows it.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { isExportDeclaration, isExportSpecifier } from "typescript/unstable/ast/is"
import { API, type Checker, type Symbol as CompilerSymbol, SymbolFlags } from "typescript/unstable/sync"
import { entryPoints, root } from "./Documents.ts"
import { examplesIn } from "./Example.ts"

/** A name that a public entry point exports, or that a namespace of it holds. */
export interface PublicName {
  /** The entry point, from the top of the repository. */
  readonly entryPoint: string
  /** The name with that of its namespace, such as `Fault.latency`. */
  readonly name: string
  /** A type only: nothing that could be run. */
  readonly isType: boolean
  readonly docstring: string
  /** The code of the examples of its own docstring, and of those of its module's that show it. */
  readonly examples: ReadonlyArray<string>
}

/** All public names. */
export const publicNames = (): ReadonlyArray<PublicName> => {
  const settings = join(mkdtempSync(join(tmpdir(), "public-names-")), "tsconfig.json")
  writeFileSync(settings, JSON.stringify({ extends: base, files: entryPoints.map((file) => join(root, file)) }))
  const api = new API({ cwd: root })
  try {
    const project = api.updateSnapshot({ openProjects: [settings] }).getProject(settings)
    if (project === undefined) throw new Error("The compiler does not open the project.")
    return entryPoints.flatMap((entryPoint) => {
      const source = project.program.getSourceFile(join(root, entryPoint))
      const module = source === undefined ? undefined : project.checker.getSymbolAtLocation(source)
      if (module === undefined) throw new Error(`${entryPoint} is no module.`)
      return exportsOf(project.checker, module, entryPoint, "")
    })
  } finally {
    api.close()
    rmSync(dirname(settings), { recursive: true })
  }
}

const base = join(root, "tooling/typescript/node.json")

const exportsOf = (
  checker: Checker,
  module: CompilerSymbol,
  entryPoint: string,
  prefix: string
): ReadonlyArray<PublicName> =>
  checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const name = prefix + exported.name
    if (symbol.flags & SymbolFlags.ValueModule) return exportsOf(checker, symbol, entryPoint, `${name}.`)
    const isType = (symbol.flags & SymbolFlags.Value) === 0 || isTypeExport(exported)
    // What generated types mean is said in the document they are made of.
    if (isType && symbol.declarations.some(({ path }) => path.includes("/generated/"))) return []
    const own = checker
      .getJsDocTagsOfSymbol(symbol)
      .flatMap((tag) => (tag.name === "example" ? runnable(tag.text) : []))
    const shown = headerExamples(symbol).filter((code) => new RegExp(`\\b${exported.name}\\b`).test(code))
    return [
      {
        entryPoint,
        name,
        isType,
        docstring: checker.getDocumentationCommentOfSymbol(symbol),
        examples: [...own, ...shown]
      }
    ]
  })

const runnable = (text = ""): ReadonlyArray<string> => (/^```ts\n/.test(text) ? [text] : [])

/** Whether a name is exported as a type only, whatever it is. */
const isTypeExport = (exported: CompilerSymbol): boolean =>
  exported.declarations.some((handle) => {
    const specifier = handle.resolve()
    if (specifier === undefined || !isExportSpecifier(specifier)) return false
    const declaration = specifier.parent.parent
    return specifier.isTypeOnly || (isExportDeclaration(declaration) && declaration.isTypeOnly)
  })

/** The examples in the header of the module that declares a name. */
const headerExamples = (symbol: CompilerSymbol): ReadonlyArray<string> =>
  symbol.declarations.flatMap(({ path }) => {
    const [header = ""] = readFileSync(path, "utf8").split("*/", 1)
    return header.includes("@module")
      ? examplesIn(path, header).flatMap(({ code, noRun }) => (noRun === null ? code : []))
      : []
  })
