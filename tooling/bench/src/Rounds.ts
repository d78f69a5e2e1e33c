/**
 * Measuring several things side by side: in turns, so that whatever else the machine does meets all of them alike.
 *
 * @module
 */

/** Runs every case once per round and gives each one's median; the first round is a warm-up. */
export const medians = async <Name extends string>(
  cases: Readonly<Record<Name, () => Promise<number>>>,
  rounds: number
): Promise<(name: Name) => number> => {
  const names = Object.keys(cases).filter((name): name is Name => Object.hasOwn(cases, name))
  const measured = new Map<Name, Array<number>>(names.map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await cases[name]()
      if (round > 0) measured.get(name)?.push(value)
    }
  }
  return (name) => median(measured.get(name) ?? [])
}

/** The middle of some numbers. */
export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN
