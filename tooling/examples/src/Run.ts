/**
 * Runs examples: each in a process of its own, or, where nothing is awaited, many in one.
 *
 * @module
 */
import { execFile, fork } from "node:child_process"
import { randomUUID } from "node:crypto"
import { mkdirSync, renameSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { binary, root } from "./Documents.ts"
import { type Example, placeOf } from "./Example.ts"
import { setStage } from "./Stage.ts"
import { isTest, programOf, workshop } from "./Workbench.ts"

/** Runs an example. Rejects, with what it wrote, when it fails or takes more than 30 seconds. */
export const run = async (example: Example): Promise<void> => {
  await using stage = await setStage()
  const { environment, folder } = stage
  if (example.language === "shell") {
    await execute(example, "sh", ["-c", scriptOf(example)], folder, withCommand(environment))
  } else if (isTest(example)) {
    const settings = join(root, "tooling/examples/src/vitest.examples.config.ts")
    await execute(example, binary("vitest"), ["run", "--config", settings, programOf(example)], folder, environment)
  } else {
    await execute(example, process.execPath, [sources, programOf(example)], folder, environment)
  }
}

/** Whether an example has ended when it is loaded, so that it can share a process with others like it. */
export const endsAtOnce = (example: Example): boolean =>
  example.language === "typescript" && !isTest(example) && !/\bawait\b/.test(example.code)

/**
 * Runs examples that end at once in one process. Gives what each failed with, by its place; rejects when the process itself fails
 * or takes more than 30 seconds, for example because of a timer that is left.
 */
export const runTogether = async (
  examples: ReadonlyArray<Example>,
  folder?: string
): Promise<ReadonlyMap<string, string>> => {
  await using stage = await setStage()
  const programs = new Map(examples.map((example) => [programOf(example, folder), placeOf(example)]))
  const failures = new Map<string, string>()
  const { environment: env, folder: cwd } = stage
  const child = fork(join(import.meta.dirname, "together.ts"), [...programs.keys()], {
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
      else reject(new Error(`The examples that end at once did not (${signal ?? `exit code ${code}`}).`))
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

/** The commands of a shell block; a comment such as `# exit code 3` says how one ends, if not with 0. */
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

/** `ttd-jobs` from its sources, in front of whatever else has that name. */
const withCommand = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const folder = join(workshop, "bin")
  const command = join(folder, "ttd-jobs")
  mkdirSync(folder, { recursive: true })
  // Put in its place whole: other examples run it meanwhile.
  const draft = `${command}-${randomUUID()}`
  const script = `#!/bin/sh\nexec "${process.execPath}" ${sources} "${join(root, "apps/cli/src/main.ts")}" "$@"\n`
  writeFileSync(draft, script, { mode: 0o755 })
  renameSync(draft, command)
  return { ...environment, PATH: `${folder}${delimiter}${environment["PATH"]}` }
}
