/**
 * Lists the exported names of the published entry points with docstrings and examples, by the TypeScript compiler.
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

/** An export of an entry point, or a member of an exported namespace. */
export interface PublicName {
  /** The entry point, relative to the root. */
  readonly entryPoint: string
  /** The name, with its namespace: `Fault.latency`. */
  readonly name: string
  /** Whether it is a type only, which needs no example. */
  readonly isType: boolean
  readonly docstring: string
  /** The examples of its docstring, and those of its module's header that use it. */
  readonly examples: ReadonlyArray<string>
}

/** All exports of all entry points. */
export const publicNames = (): ReadonlyArray<PublicName> => {
  const settings = join(mkdtempSync(join(tmpdir(), "public-names-")), "tsconfig.json")
  writeFileSync(settings, JSON.stringify({ extends: base, files: entryPoints.map((file) => join(root, file)) }))
  const api = new API({ cwd: root })
  try {
    const project = api.updateSnapshot({ openProjects: [settings] }).getProject(settings)
    if (project === undefined) throw new Error("The compiler cannot open the project.")
    return entryPoints.flatMap((entryPoint) => {
      const source = project.program.getSourceFile(join(root, entryPoint))
      const module = source === undefined ? undefined : project.checker.getSymbolAtLocation(source)
      if (module === undefined) throw new Error(`${entryPoint} is not a module.`)
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
    // Generated types are documented in the OpenAPI document.
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

/** Whether the export is type-only, also for a class or a value. */
const isTypeExport = (exported: CompilerSymbol): boolean =>
  exported.declarations.some((handle) => {
    const specifier = handle.resolve()
    if (specifier === undefined || !isExportSpecifier(specifier)) return false
    const declaration = specifier.parent.parent
    return specifier.isTypeOnly || (isExportDeclaration(declaration) && declaration.isTypeOnly)
  })

/** The examples in the header of the module that declares a symbol. */
const headerExamples = (symbol: CompilerSymbol): ReadonlyArray<string> =>
  symbol.declarations.flatMap(({ path }) => {
    const [header = ""] = readFileSync(path, "utf8").split("*/", 1)
    return header.includes("@module")
      ? examplesIn(path, header).flatMap(({ code, noRun }) => (noRun === null ? code : []))
      : []
  })
