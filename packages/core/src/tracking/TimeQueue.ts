/**
 * What is to happen, soonest first.
 *
 * @module
 */
import TinyQueue from "tinyqueue"

/**
 * A priority queue whose entries lose their hold by themselves: such an entry is passed over, and swept out before the queue grows
 * to twice its size.
 */
export class TimeQueue<A> {
  readonly #holds: (entry: A) => boolean
  readonly #compare: (one: A, other: A) => number
  #queue: TinyQueue<A>
  #sweepAt = smallest

  constructor(holds: (entry: A) => boolean, compare: (one: A, other: A) => number) {
    this.#holds = holds
    this.#compare = compare
    this.#queue = new TinyQueue<A>([], compare)
  }

  push(entry: A): void {
    if (this.#queue.length >= this.#sweepAt) {
      this.#queue = new TinyQueue(this.#queue.data.filter(this.#holds), this.#compare)
      this.#sweepAt = Math.max(smallest, 2 * this.#queue.length)
    }
    this.#queue.push(entry)
  }

  /** The soonest entry that still holds. */
  first(): A | undefined {
    let entry = this.#queue.peek()
    while (entry !== undefined && !this.#holds(entry)) {
      this.#queue.pop()
      entry = this.#queue.peek()
    }
    return entry
  }

  /** Takes the soonest entry out. */
  shift(): void {
    this.#queue.pop()
  }

  clear(): void {
    this.#queue = new TinyQueue<A>([], this.#compare)
  }
}

const smallest = 64
