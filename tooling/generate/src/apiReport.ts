#!/usr/bin/env node
/**
 * The public API of a package as a report per entry point, from the built declarations: `generate-api-report [--check]` in the
 * package's folder. A change of the API must update its report, so that reviewers see it.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor"

const { values } = parseArgs({ options: { check: { type: "boolean" } } })
const folder = process.cwd()
const temporary = mkdtempSync(join(tmpdir(), "api-report-"))

/** The entry points with declarations: subpath → declaration file. */
const entryPoints = (): ReadonlyArray<readonly [name: string, declarations: string]> => {
  const { publishConfig } = JSON.parse(readFileSync("package.json", "utf8"))
  return Object.entries<string>(publishConfig.exports).flatMap(([subpath, file]) =>
    file.endsWith(".js")
      ? [[subpath === "." ? "index" : subpath.slice(2).replaceAll("/", "-"), file.replace(/\.js$/, ".d.ts")]]
      : []
  )
}

/** Writes or compares the report of one entry point; false when it is out of date or the declarations have errors. */
const report = (name: string, declarations: string): boolean => {
  const config = ExtractorConfig.prepare({
    configObject: {
      newlineKind: "lf",
      projectFolder: folder,
      mainEntryPointFilePath: resolve(declarations),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2024",
            lib: ["es2024", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"],
            module: "nodenext",
            strict: true,
            skipLibCheck: true,
            types: ["node"]
          },
          files: [resolve(declarations)]
        }
      },
      apiReport: {
        enabled: true,
        reportFolder: join(folder, "api"),
        reportTempFolder: temporary,
        reportFileName: `${name}.api.md`,
        includeForgottenExports: true
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // The tests require docstrings and complete exports; a report shows names and types.
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } }
      }
    },
    configObjectFullPath: join(folder, "api-extractor.json"),
    packageJsonFullPath: join(folder, "package.json")
  })
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: values.check !== true,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error
    }
  })
  if (values.check === true && apiReportChanged) {
    console.error(`api/${name}.api.md is out of date: run \`pnpm build && pnpm generate\` and commit the result.`)
  }
  return errorCount === 0 && !(values.check === true && apiReportChanged)
}

mkdirSync("api", { recursive: true })
const reports = entryPoints()
const succeeded = reports.map(([name, declarations]) => report(name, declarations)).every(Boolean)
const stale = readdirSync("api").filter((file) => !reports.some(([name]) => file === `${name}.api.md`))
for (const file of stale) {
  if (values.check === true) console.error(`api/${file} belongs to no entry point: delete it.`)
  else rmSync(join("api", file))
}
rmSync(temporary, { recursive: true })
process.exitCode = succeeded && (values.check !== true || stale.length === 0) ? 0 : 1
