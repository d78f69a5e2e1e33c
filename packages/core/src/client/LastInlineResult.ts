/**
 * The text of the inline result that came last, for a download of its snapshot: it would otherwise come a second time, up to 20 MB.
 *
 * @module
 */
import type { JobSnapshot } from "../JobSnapshot.ts"

/** Keeps one text at most, and only as long as its snapshot is in use. */
export class LastInlineResult {
  #texts = new WeakMap<JobSnapshot, string>()

  /** Keeps the text of a snapshot in place of the one before. */
  keep(snapshot: JobSnapshot, text: string): void {
    this.#texts = new WeakMap([[snapshot, text]])
  }

  /** The text that came with a snapshot; null when another one came after it. */
  of(snapshot: JobSnapshot): string | null {
    return this.#texts.get(snapshot) ?? null
  }
}
