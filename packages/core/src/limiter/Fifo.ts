/**
 * First-in-first-out queue as a doubly linked list: every operation takes constant time, removal from the middle included.
 *
 * @module
 */

/** A value in a queue. */
export interface Entry<A> {
  readonly value: A
  previous: Entry<A> | undefined
  next: Entry<A> | undefined
  isQueued: boolean
}

/** A queue. An array would take time for each removal from its middle, a `Set` for each look at its first element. */
export class Fifo<A> {
  #first: Entry<A> | undefined
  #last: Entry<A> | undefined

  /** The value that was added first. */
  get first(): A | undefined {
    return this.#first?.value
  }

  /** Adds a value at the end. */
  push(value: A): Entry<A> {
    const entry: Entry<A> = { value, previous: this.#last, next: undefined, isQueued: true }
    if (this.#last === undefined) this.#first = entry
    else this.#last.next = entry
    this.#last = entry
    return entry
  }

  /** Removes and returns the first value. */
  shift(): A | undefined {
    const first = this.#first
    if (first !== undefined) this.remove(first)
    return first?.value
  }

  /** Removes an entry; does nothing when it has been removed already. */
  remove(entry: Entry<A>): void {
    if (!entry.isQueued) return
    entry.isQueued = false
    if (entry.previous === undefined) this.#first = entry.next
    else entry.previous.next = entry.next
    if (entry.next === undefined) this.#last = entry.previous
    else entry.next.previous = entry.previous
  }

  /** Removes and returns the values that match, in order. */
  take(matches: (value: A) => boolean): ReadonlyArray<A> {
    const taken: Array<A> = []
    for (let entry = this.#first; entry !== undefined; entry = entry.next) {
      if (!matches(entry.value)) continue
      this.remove(entry)
      taken.push(entry.value)
    }
    return taken
  }
}
