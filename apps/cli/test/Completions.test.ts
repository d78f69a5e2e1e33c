import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { run } from "./support/Program.ts"
import { startWordsOnTerminal } from "./support/Pty.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

/** How each shell is started without anybody's settings, and what is typed to load a folder's completions. */
const shells = [
  {
    shell: "bash",
    words: ["bash", "--norc", "--noprofile", "-i"],
    load: (folder: string) => `source ${folder}/_ttd-jobs`
  },
  {
    shell: "zsh",
    words: ["zsh", "-f", "-i"],
    load: (folder: string) => `fpath=(${folder} $fpath); autoload -Uz compinit; compinit -u -d ${folder}/dump`
  },
  {
    shell: "fish",
    words: ["fish", "--no-config", "-i"],
    load: (folder: string) => `source ${folder}/_ttd-jobs`
  }
] as const

const isThere = (shell: string) => spawnSync(shell, ["--version"]).status === 0

/** A machine of one's own need not have all of them; where completions are released from, it must. */
const tested = shells.filter(({ shell }) => process.env["REQUIRE_SHELLS"] === "1" || shell === "bash" || isThere(shell))

/** What is typed before the tab key, and the line that it becomes. */
const lines = [
  ["ttd-jobs stat", "ttd-jobs status"],
  ["ttd-jobs wait --inter", "ttd-jobs wait --interval"],
  ["ttd-jobs watch --fol", "ttd-jobs watch --follow"],
  ["ttd-jobs wait 412651 --progress pl", "ttd-jobs wait 412651 --progress plain"],
  ["ttd-jobs completions fi", "ttd-jobs completions fish"],
  ["ttd-jobs download 412651 --output camp", "ttd-jobs download 412651 --output campaigns.csv"],
  ["ttd-jobs status 412651 --token-file camp", "ttd-jobs status 412651 --token-file campaigns.csv"],
  ["ttd-jobs wait 412651 --progress=pl", "ttd-jobs wait 412651 --progress=plain"],
  ["ttd-jobs download 412651 --output=camp", "ttd-jobs download 412651 --output=campaigns.csv"],
  ["ttd-jobs status 412651 --server sand", "ttd-jobs status 412651 --server sandbox"],
  ["ttd-jobs --server=sand", "ttd-jobs --server=sandbox"],
  ["ttd-jobs --json stat", "ttd-jobs --json status"],
  ["ttd-jobs --server sandbox wait 412651 --inter", "ttd-jobs --server sandbox wait 412651 --interval"],
  ["ttd-jobs --vers", "ttd-jobs --version"],
  ["ttd-jobs watch --hel", "ttd-jobs watch --help"],
  ["ttd-jobs help compl", "ttd-jobs help completions"]
] as const

layer(Simulator.layer(), { excludeTestServices: true })("completions", (it) => {
  it.effect.each(tested)("are loaded and used by $shell", ({ load, shell, words }) =>
    Effect.gen(function* () {
      if (!isThere(shell)) throw new Error(`${shell} is not on this machine: apt-get install ${shell}`)
      const folder = yield* temporaryFolder
      const { code, stdout } = yield* run(["completions", shell])
      expect(code).toBe(0)
      writeFileSync(join(folder, "_ttd-jobs"), stdout)
      const env = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, SHELL: words[0], LANG: "C.UTF-8" }
      const terminal = yield* startWordsOnTerminal(words, { env, columns: 120, rows: 50 })
      writeFileSync(join(folder, "campaigns.csv"), "")
      yield* terminal.type(`${load(folder)}; cd ${folder}; echo lo""aded\r`)
      yield* terminal.until((screen) => screen.some((line) => line === "loaded"))
      for (const [typed, completed] of lines) {
        yield* terminal.type(`${typed}\t`)
        yield* terminal.until((screen) => screen.some((line) => new RegExp(`${completed}=?$`).test(line)))
        // Away with it: nothing is run.
        yield* terminal.type("\u0015")
      }
    })
  )

  const installation = {
    bash: "source <(ttd-jobs completions bash)",
    zsh: "> _ttd-jobs",
    fish: "/completions/ttd-jobs.fish"
  }
  it.effect.each(shells)("say how they are installed in $shell, as the help does", ({ shell }) =>
    Effect.gen(function* () {
      const { stdout } = yield* run(["completions", shell])
      expect(stdout.slice(0, 300)).toContain(installation[shell])
    })
  )
})
