/** Numbers of a linear congruential generator: the same for a seed, on every machine. */
export const luckOf = (seed: number) => {
  let state = seed
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return {
    next,
    pick: <A>(values: ReadonlyArray<A>): A => values[next(values.length)] as A,
    maybe: <A>(value: () => A): A | undefined => (next(2) === 0 ? undefined : value())
  }
}

/** A sequence of draws. */
export type Luck = ReturnType<typeof luckOf>
