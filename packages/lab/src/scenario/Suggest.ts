/**
 * The name that was probably meant.
 */

/** Letters to change, add or leave out on the way from one text to another (Levenshtein). */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1]
    for (let index = 0; index < to.length; index++) {
      const swap = (row[index] ?? 0) + (letter === to[index] ? 0 : 1)
      next.push(Math.min(swap, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The most similar of the names, unless none is similar: a third of the letters may differ, or the end may be missing. */
export const nearest = (name: string, names: ReadonlyArray<string>): string | undefined => {
  const wanted = name.toLowerCase()
  const [best] = names
    .map((each) => ({ each, far: distance(wanted, each.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  if (best !== undefined && best.far <= Math.max(1, Math.floor(name.length / 3))) return best.each
  return name.length > 2 ? names.find((each) => each.startsWith(name)) : undefined
}

const most = 12

/** `did you mean "qwen-1"?`, else what there is. */
export const hint = (name: string, names: ReadonlyArray<string>): string => {
  const found = nearest(name, names)
  if (found !== undefined) return `did you mean "${found}"?`
  const listed = names.length > most ? `${names.slice(0, most).join(", ")}, …` : names.join(", ")
  return names.length === 0 ? "there are none" : `there are: ${listed}`
}
