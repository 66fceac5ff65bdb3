/**
 * The name that was probably meant.
 */

/** Letters to change, add, leave out or swap with their neighbour on the way from one text to another. */
const distance = (from: string, to: string): number => {
  let before: ReadonlyArray<number> = []
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let at = 0; at < from.length; at++) {
    const next = [at + 1]
    for (let index = 0; index < to.length; index++) {
      const change = (row[index] ?? 0) + (from[at] === to[index] ? 0 : 1)
      const isSwap = at > 0 && index > 0 && from[at] === to[index - 1] && from[at - 1] === to[index]
      const swap = isSwap ? (before[index - 1] ?? 0) + 1 : change
      next.push(Math.min(change, swap, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    ;[before, row] = [row, next]
  }
  return row.at(-1) ?? 0
}

/** A name longer than any that could be meant is not compared letter by letter. */
const longest = 200

/** The most similar of the names, unless none is similar: a third of the letters may differ, or the end may be missing. */
export const nearest = (name: string, names: ReadonlyArray<string>): string | undefined => {
  if (name.length > longest) return undefined
  const wanted = name.toLowerCase()
  const [best] = names
    .map((each) => ({ each, far: distance(wanted, each.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  const most = Math.min(Math.max(1, Math.floor(name.length / 3)), name.length - 1)
  if (best !== undefined && best.far <= most) return best.each
  return name.length > 2 ? names.find((each) => each.startsWith(name)) : undefined
}
