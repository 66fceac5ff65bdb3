/**
 * The truth about the paths of a run: when each was certain to answer, and since when a client can be expected to know.
 *
 * **Details**
 *
 * - A spell is a time without interruption in which something was certain to answer. What is so from the beginning of the run
 *   has always been so.
 * - A client may learn late that something is well again: its probes come apart while it is not. A spell is `known` once the
 *   scenario's `restoredWithin` has passed since its beginning, or as much time as the trouble had lasted (at most ten
 *   minutes) and another minute (or `restoredWithin`, where that is less), whichever is more.
 * - Where the run's clock was moved on, a recovery is never known: the client's own waits went by more slowly.
 * - Trouble goes on through spells too short to be known: a flapping key is one trouble.
 */
import type { Health, Path, Run } from "../run/Run.ts"
import * as Sorted from "./Sorted.ts"

/** A time in which something was certain to answer, in milliseconds. */
export interface Spell {
  readonly from: number
  readonly to: number
  /** When a client can be expected to have found out. */
  readonly known: number
}

/** The parts of a path. */
export interface Place {
  readonly target: string
  readonly key: string
}

/** How a client's looks at something unwell come apart: the first, and the longest wait between two. */
export interface Backoff {
  readonly first: number
  readonly longest: number
}

const probes = (restoredWithin: number): Backoff => ({ first: Math.min(60_000, restoredWithin), longest: 600_000 })

/** Reads a path. */
export const placeOf = (path: Path): Place => {
  const border = path.lastIndexOf("#")
  return { target: path.slice(0, border), key: path.slice(border + 1) }
}

/** The spells of whatever `labelOf` makes of paths: a label is well while one of its paths is. */
export const spellsOf = (
  health: ReadonlyArray<Health>,
  restoredWithin: number,
  labelOf: (path: Path) => string,
  { first, longest }: Backoff = probes(restoredWithin)
): ReadonlyMap<string, ReadonlyArray<Spell>> => {
  const spells = new Map<string, Array<Spell>>()
  const open = new Map<string, Spell>()
  const trouble = new Map<string, number>()
  const start = (label: string, at: number): void => {
    const wait = Math.max(restoredWithin, Math.min(at - (trouble.get(label) ?? 0), longest) + first)
    const always = at <= 0
    const from = always ? Number.NEGATIVE_INFINITY : at
    open.set(label, { from, to: Number.POSITIVE_INFINITY, known: always ? from : at + wait })
  }
  const close = (label: string, spell: Spell, to: number): void => {
    const ended = { ...spell, to }
    const earlier = spells.get(label)
    if (earlier === undefined) spells.set(label, [ended])
    else earlier.push(ended)
    open.delete(label)
    if (to > spell.known) trouble.set(label, to)
  }
  for (const { at, paths } of health) {
    const now = new Set(paths.map(labelOf))
    for (const [label, spell] of open) if (!now.has(label)) close(label, spell, at)
    for (const label of now) if (!open.has(label)) start(label, at)
  }
  for (const [label, spell] of open) close(label, spell, spell.to)
  return spells
}

/** The last spell that began by then. */
const spellAt = (spells: ReadonlyArray<Spell>, at: number): Spell | undefined =>
  spells[Sorted.countWhile(spells, ({ from }) => from <= at) - 1]

/** The paths of a run. */
export class Paths {
  readonly #spells: ReadonlyMap<string, ReadonlyMap<Path, ReadonlyArray<Spell>>>

  constructor({ clock, health, scenario }: Run) {
    const restoredWithin = (clock?.jumped ?? 0) > 0 ? Number.POSITIVE_INFINITY : scenario.expect.restoredWithin
    this.#spells = new Map(
      Object.entries(health).map(([model, moments]) => [model, spellsOf(moments, restoredWithin, (path) => path)])
    )
  }

  /** The paths that were certain to answer from first to last, and known to be. `model` is the one asked for. */
  healthy(model: string, from: number, to: number): ReadonlyArray<Path> {
    const found: Array<Path> = []
    for (const [path, spells] of this.#spells.get(model) ?? []) {
      const spell = spellAt(spells, from)
      if (spell !== undefined && spell.known <= from && to < spell.to) found.push(path)
    }
    return found
  }

  /** True when the path was well at any moment in between. */
  wasWell(model: string, path: Path, from: number, to: number): boolean {
    const spell = spellAt(this.#spells.get(model)?.get(path) ?? [], to)
    return spell !== undefined && spell.to > from
  }
}
