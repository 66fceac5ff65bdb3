/**
 * `key-not-restored`: a key, or the first target of a model, was well again for longer than the scenario's `restoredWithin`
 * and was not used, though traffic for it went on.
 *
 * **Details**
 *
 * What it grants:
 *
 * - time: see `Paths` for when a recovery counts as known; then five more calls must have gone elsewhere;
 * - what the client had never used before;
 * - a key that was not allowed a model: no free check tells, so that looks at it may begin at ten minutes and come an hour apart;
 * - for a key beside others, luck: twenty attempts per key must have gone to the target without one for it, and its provider
 *   must draw at random;
 * - routes with several first targets: the client may prefer any of them.
 */
import type { Attempt } from "../../run/Run.ts"
import * as Setup from "../../scenario/Setup.ts"
import * as Attempts from "../Attempts.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"
import { placeOf, type Spell, spellsOf } from "../Paths.ts"
import * as Sorted from "../Sorted.ts"

const fewest = 5
const fairChance = 20
const unprobed = { first: 600_000, longest: 3_600_000 }

/** The first target of a model, its keys, and the traffic for it. */
interface First {
  readonly model: string
  readonly target: string
  readonly keys: ReadonlyArray<string>
  readonly isRandom: boolean
  readonly cases: ReadonlyArray<Case>
  readonly attempts: ReadonlyArray<Attempt>
}

const firstOf = (facts: Facts, model: string, cases: ReadonlyArray<Case>): First | undefined => {
  const { config } = facts.run.scenario
  const paths = Setup.paths(facts.run.scenario, model)
  const [first] = paths
  if (first === undefined || config.routes.some(({ targets }) => targets.length > 1)) return undefined
  const target = `${first.vendor}/${first.model}`
  const providers = Object.values(config.providers).filter(({ type }) => type === first.vendor)
  return {
    model,
    target,
    keys: paths.filter((path) => `${path.vendor}/${path.model}` === target).map(({ key }) => key),
    isRandom: providers.every(({ selection = "random" }) => selection === "random"),
    cases: cases.filter(({ ending }) => ending !== "left"),
    attempts: cases
      .flatMap(({ attempts }) => attempts.filter((each) => each.model === first.model && each.vendor === first.vendor))
      .toSorted((a, b) => a.at - b.at || a.ordinal - b.ordinal)
  }
}

/** When a client that had used it before came back, or the end of the spell; nothing when it had not. */
const awayUntil = (facts: Facts, used: ReadonlyArray<Attempt>, { from, to }: Spell): number | undefined => {
  const before = Sorted.countWhile(used, ({ at }) => at < from)
  return before === 0 ? undefined : Math.min(used[before]?.at ?? facts.run.duration, to)
}

const target = (facts: Facts, first: First): ReadonlyArray<Finding> => {
  const { attempts, cases, model } = first
  const labelOf = (path: string): string => placeOf(path).target
  const spells = spellsOf(facts.run.health[model] ?? [], facts.expect.restoredWithin, labelOf).get(first.target) ?? []
  return spells.flatMap((spell) => {
    const until = awayUntil(facts, attempts, spell)
    if (until === undefined) return []
    const elsewhere = Sorted.between(cases, ({ call }) => call.at, spell.known, until)
    if (elsewhere.length < fewest) return []
    const away = Evidence.duration(until - spell.from)
    const message = {
      en: `${first.target} was well again for ${away} and was not asked, while ${elsewhere.length} calls for ${model} came: let a probe or one live call try it.`,
      zh: `${first.target} 已恢复 ${away} 却未被使用，其间有 ${elsewhere.length} 次对 ${model} 的调用：请用探测或一次真实调用重新尝试。`
    }
    return [Evidence.ofCases("key-not-restored", message, elsewhere)]
  })
}

const key = (facts: Facts, first: First, name: string): ReadonlyArray<Finding> => {
  const used = first.attempts.filter((attempt) => attempt.key === name)
  const labelOf = (path: string): string => (path === `${first.target}#${name}` ? name : "")
  const backoff = used.some((attempt) => Attempts.means(attempt, "permission")) ? unprobed : undefined
  const health = facts.run.health[first.model] ?? []
  const spells = spellsOf(health, facts.expect.restoredWithin, labelOf, backoff).get(name) ?? []
  return spells.flatMap((spell) => {
    const until = awayUntil(facts, used, spell)
    if (until === undefined) return []
    const others = Sorted.between(first.attempts, ({ at }) => at, spell.known, until)
    if (others.length < fairChance * first.keys.length) return []
    const away = Evidence.duration(until - spell.from)
    const message = {
      en: `${name} was well again for ${away} and was not used, while ${others.length} requests went to ${first.target} with other keys: probe it, and put it back.`,
      zh: `密钥 ${name} 已恢复 ${away} 却未被使用，其间有 ${others.length} 个请求用其他密钥发往 ${first.target}：请探测后将其恢复。`
    }
    return [Evidence.ofAttempts("key-not-restored", message, others)]
  })
}

/** Looks at the first target of each model, and at each of its keys. */
export const find = (facts: Facts): ReadonlyArray<Finding> =>
  [...Map.groupBy(facts.cases, ({ call }) => call.model)].flatMap(([model, cases]) => {
    const first = firstOf(facts, model, cases)
    if (first === undefined) return []
    const keys = first.isRandom && first.keys.length > 1 ? first.keys : []
    return [...target(facts, first), ...keys.flatMap((name) => key(facts, first, name))]
  })
