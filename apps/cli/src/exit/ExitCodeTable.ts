/**
 * The exit codes and their meanings, as the help and the README list them.
 *
 * @module
 */

/** The exit codes and their meanings. */
export const meanings = {
  0: "done: every job looked up (status), or every job succeeded (wait, watch, download)",
  1: "unexpected failure, or the API refused in a way not listed here (400, 409, 410, …)",
  2: "usage: unknown command or flag, bad reference, missing token, file name taken",
  3: "a job failed or was cancelled",
  4: "not authorised (401, 403)",
  5: "no such job (404)",
  6: "--timeout passed first",
  7: "the result expired",
  8: "partial success only (--allow-partial makes it 0)",
  9: "the API or the file's host could not be reached or kept failing (connection, 429, 5XX, unreadable responses)",
  10: "status --exit-code: not ended yet",
  129: "hung up (SIGHUP; ignored when no stream is a terminal, as under nohup)",
  130: "interrupted (Ctrl-C)",
  131: "quit (Ctrl-\\)",
  141: "the reader of standard output closed it early, as head does",
  143: "terminated"
} as const

/** An exit code. */
export type ExitCode = keyof typeof meanings
