/**
 * Runs examples: each in its own process; synchronous ones share a process.
 *
 * @module
 */
import { execFile, fork } from "node:child_process"
import { randomUUID } from "node:crypto"
import { mkdirSync, renameSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { binary, root } from "./Documents.ts"
import { type Example, placeOf } from "./Example.ts"
import { createEnvironment } from "./ExampleEnvironment.ts"
import { isTest, packageFolder, programOf } from "./Programs.ts"

/** Runs an example. Rejects with its output when it fails or takes more than 30 seconds. */
export const run = async (example: Example): Promise<void> => {
  await using context = await createEnvironment()
  const { environment, folder } = context
  if (example.language === "shell") {
    await execute(example, "sh", ["-c", scriptOf(example)], folder, withCommand(environment))
  } else if (isTest(example)) {
    const settings = join(root, "tooling/examples/src/vitest.examples.config.ts")
    await execute(example, binary("vitest"), ["run", "--config", settings, programOf(example)], folder, environment)
  } else {
    await execute(example, process.execPath, [sources, programOf(example)], folder, environment)
  }
}

/** Whether an example has finished once it is loaded, so that it can share a process. */
export const isSynchronous = (example: Example): boolean =>
  example.language === "typescript" && !isTest(example) && !/\bawait\b/.test(example.code)

/**
 * Runs synchronous examples in one process. Resolves to the errors by file and line; rejects when the process itself fails or
 * takes more than 30 seconds, for example because of a timer that was left running.
 */
export const runInOneProcess = async (
  examples: ReadonlyArray<Example>,
  folder?: string
): Promise<ReadonlyMap<string, string>> => {
  await using context = await createEnvironment()
  const programs = new Map(examples.map((example) => [programOf(example, folder), placeOf(example)]))
  const failures = new Map<string, string>()
  const { environment: env, folder: cwd } = context
  const child = fork(join(import.meta.dirname, "runInOneProcess.ts"), [...programs.keys()], {
    cwd,
    env,
    execArgv: [sources],
    stdio: "ignore",
    timeout: 30_000
  })
  child.on("message", ({ error, program }: Failed) => failures.set(programs.get(program) ?? program, error))
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject)
    child.on("exit", (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`The process of the synchronous examples failed (${signal ?? `exit code ${code}`}).`))
    })
  })
  return failures
}

interface Failed {
  readonly program: string
  readonly error: string
}

const sources = "--conditions=@ttd-jobs/source"

const execute = (
  example: Example,
  command: string,
  args: ReadonlyArray<string>,
  cwd: string,
  env: NodeJS.ProcessEnv
): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = execFile(command, args, { cwd, env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`${placeOf(example)} failed (${endOf(error)}).\n${stdout}${stderr}`))
    })
    child.stdin?.end()
  })

const endOf = ({ code, killed, signal }: { code?: unknown; killed?: boolean; signal?: unknown }) =>
  killed === true ? "it took too long" : typeof signal === "string" ? signal : `exit code ${String(code)}`

/** The commands of a shell block; a comment such as `# exit code 3` gives the expected exit code, otherwise 0. */
export const scriptOf = ({ code, line }: Pick<Example, "code" | "line">): string => {
  const lines = code.split("\n")
  const isConsole = lines.some((text) => text.startsWith("$ "))
  const commands: Array<{ readonly line: number; text: string }> = []
  let continues = false
  lines.forEach((text, index) => {
    const last = commands.at(-1)
    if (continues && last !== undefined) last.text += `\n${text}`
    else if (isConsole ? text.startsWith("$ ") : text.trim() !== "") {
      commands.push({ line: line + index, text: isConsole ? text.slice(2) : text })
    } else return
    continues = text.endsWith("\\")
  })
  return commands
    .map(({ line, text }) => {
      const expected = /#.*\bexit code (\d+)/.exec(text)?.[1] ?? "0"
      const otherwise = `echo "line ${line}: exit code $code instead of ${expected}" >&2; exit 1`
      return `${text}\ncode=$?; [ $code -eq ${expected} ] || { ${otherwise}; }`
    })
    .join("\n")
}

/** Puts `ttd-jobs`, run from its sources, first on `PATH`. */
const withCommand = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const folder = join(packageFolder, "bin")
  const command = join(folder, "ttd-jobs")
  mkdirSync(folder, { recursive: true })
  // Renamed into place: other examples run it at the same time.
  const draft = `${command}-${randomUUID()}`
  const script = `#!/bin/sh\nexec "${process.execPath}" ${sources} "${join(root, "apps/cli/src/main.ts")}" "$@"\n`
  writeFileSync(draft, script, { mode: 0o755 })
  renameSync(draft, command)
  return { ...environment, PATH: `${folder}${delimiter}${environment["PATH"]}` }
}
