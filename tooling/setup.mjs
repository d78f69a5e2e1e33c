/**
 * Runs one of the root's scripts on a machine that has only Node 20 and npm: installs what is missing with the pinned
 * pnpm, then hands the script and its arguments over. Written for old Nodes, so no TypeScript here.
 *
 *     node tooling/setup.mjs SCRIPT [ARGUMENT …]
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (path) => {
  try {
    return readFileSync(new URL(`../${path}`, import.meta.url), "utf8")
  } catch {
    return undefined
  }
}

const manager = JSON.parse(read("package.json")).packageManager
const underPnpm = process.env.npm_config_user_agent?.startsWith("pnpm/") === true
const [command, ...prefix] = underPnpm ? ["pnpm"] : ["npx", "-y", manager]

const run = (args, options) => {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" }
  const { status, signal, error } = spawnSync(command, [...prefix, ...args], {
    cwd: root,
    env,
    stdio: "inherit",
    shell: process.platform === "win32",
    ...options
  })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? (signal === "SIGINT" ? 130 : 143))
}

// pnpm keeps a copy of the lockfile it installed from.
const installed = read("node_modules/.pnpm/lock.yaml")
if (installed === undefined || installed !== read("pnpm-lock.yaml")) {
  // What the installer says is not the script's output.
  run(["install", "--frozen-lockfile"], { stdio: ["inherit", 2, 2] })
}

const [script, ...args] = process.argv.slice(2)
run(["--silent", "run", script, ...args])
