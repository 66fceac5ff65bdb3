/** Looking things up in sorted lists. */

/** How many items at the front of a list satisfy a predicate that the rest does not. */
export const countWhile = <A>(items: ReadonlyArray<A>, isFront: (item: A) => boolean): number => {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isFront(items[middle] as A)) low = middle + 1
    else high = middle
  }
  return low
}

/** The items whose moment lies strictly between two moments. */
export const between = <A>(
  items: ReadonlyArray<A>,
  atOf: (item: A) => number,
  after: number,
  before: number
): ReadonlyArray<A> =>
  items.slice(
    countWhile(items, (item) => atOf(item) <= after),
    countWhile(items, (item) => atOf(item) < before)
  )
