/** Runs the smoke test in a runtime with Node's file API, the options in `SMOKE_OPTIONS`, and saves the result to a file. */
import { mkdtempSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { env } from "node:process"
import { downloadToFile } from "@ttd-jobs/core/node"
import { createClient } from "@ttd-jobs/core/promise"
import { type SmokeOptions, smoke } from "./smoke.ts"

const options: SmokeOptions = JSON.parse(env["SMOKE_OPTIONS"] ?? "{}")
const passed = await smoke(options)
const path = join(mkdtempSync(join(tmpdir(), "smoke-")), "result")
await using client = createClient({ server: options.server, token: options.token })
await downloadToFile(client, options.running, path)
if (statSync(path).size !== options.size) throw new Error("download to a file failed")
console.log([...passed, "download to a file"].join(", "))
