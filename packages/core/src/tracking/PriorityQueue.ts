/**
 * Priority queue with lazy deletion: stale entries are skipped, and compacted when the queue doubles.
 *
 * @module
 */
import TinyQueue from "tinyqueue"

/** A binary heap. An entry that `isCurrent` no longer accepts counts as deleted; deleting it costs nothing. */
export class PriorityQueue<A> {
  readonly #isCurrent: (entry: A) => boolean
  readonly #compare: (one: A, other: A) => number
  #heap: TinyQueue<A>
  #compactAt = smallestCompaction

  constructor(isCurrent: (entry: A) => boolean, compare: (one: A, other: A) => number) {
    this.#isCurrent = isCurrent
    this.#compare = compare
    this.#heap = new TinyQueue<A>([], compare)
  }

  push(entry: A): void {
    if (this.#heap.length >= this.#compactAt) this.#compact()
    this.#heap.push(entry)
  }

  /** Drops stale entries when they are the most; `current` is the number of the others. */
  compactTo(current: number): void {
    if (this.#heap.length > smallestCompaction + 2 * current) this.#compact()
  }

  /** The first current entry. */
  first(): A | undefined {
    let entry = this.#heap.peek()
    while (entry !== undefined && !this.#isCurrent(entry)) {
      this.#heap.pop()
      entry = this.#heap.peek()
    }
    return entry
  }

  /** Removes the entry that `first` returned. */
  shift(): void {
    this.#heap.pop()
  }

  #compact(): void {
    this.#heap = new TinyQueue(this.#heap.data.filter(this.#isCurrent), this.#compare)
    this.#compactAt = Math.max(smallestCompaction, 2 * this.#heap.length)
  }
}

const smallestCompaction = 64
