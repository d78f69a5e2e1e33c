/**
 * A list of the last values, in constant memory.
 *
 * @module
 */

/** The last values that were added. */
export interface RingBuffer<A> {
  readonly add: (value: A) => void
  /** Oldest first. */
  readonly values: () => Array<A>
  /** How many older values were dropped. */
  readonly dropped: () => number
}

/** A buffer of at most `capacity` values. */
export const makeRingBuffer = <A>(capacity: number): RingBuffer<A> => {
  const slots: Array<A> = []
  let added = 0
  return {
    add: (value) => {
      if (capacity > 0) slots[added % capacity] = value
      added++
    },
    values: () => {
      const next = added <= capacity ? 0 : added % capacity
      return [...slots.slice(next), ...slots.slice(0, next)]
    },
    dropped: () => Math.max(0, added - capacity)
  }
}
