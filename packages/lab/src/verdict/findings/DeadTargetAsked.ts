/**
 * `dead-target-asked`: a target was known to be down, and call after call asked it first all the same and waited for it to fail.
 *
 * **Details**
 *
 * A target is down from one failure to the next success: it fails to connect, is overloaded, is silent or lets its callers wait.
 * It fails the run where a call typically waited a second or more for it, and warns where the failures were quick. What it grants:
 *
 * - the first five failures;
 * - looks at it by live traffic, as of a half-open circuit: fewer than four of five calls;
 * - outages of less than ten calls or twenty seconds;
 * - the last resort: no other target was healthy, and known to be;
 * - requests made beside the one that answered, for which nobody waited;
 * - calls that failed beside a healthy path, which `failed-while-healthy` is about;
 * - silence for longer than `stallWithin`, which `stall-undetected` is about.
 */
import type { Attempt } from "../../run/Run.ts"
import { targetOf } from "../../run/Whereabouts.ts"
import * as Attempts from "../Attempts.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"
import { placeOf } from "../Paths.ts"

const known = 5
const fewest = { calls: 10, millis: 20_000 }
const share = 0.8
const longWait = 1_000

/** A call that asked the target, or might have. */
interface Look {
  readonly at: number
  /** The attempts at the target that failed, for which the call waited. */
  readonly failed: ReadonlyArray<Attempt>
}

/** A spell in which a target answered nobody. */
interface Outage {
  readonly target: string
  /** The calls that asked it, and for how long they went on. */
  readonly asked: ReadonlyArray<Look>
  readonly millis: number
  /** How many calls there were, with those of a long run that passed the target over and were not kept. */
  readonly calls: number
}

/** How many calls for these models, of those that a long run does not keep, went straight elsewhere in these minutes. */
const passedOver = ({ run }: Facts, target: string, models: ReadonlySet<string>, from: number, to: number): number => {
  let sum = 0
  for (const [minute, straight] of run.rest?.straight ?? []) {
    if (minute < Math.floor(from / 60_000) || minute > to / 60_000) continue
    for (const model of models) {
      for (const [answered, calls] of straight.get(model) ?? []) if (answered !== target) sum += calls
    }
  }
  return sum
}

const isDown = (attempt: Attempt): boolean => Attempts.means(attempt, "busy", "unreachable", "silent", "queued")

const isWaitedFor = ({ attempts }: Case, { endedAt }: Attempt): boolean =>
  endedAt !== undefined && attempts.some(({ at }) => at >= endedAt)

const isGranted = (facts: Facts, attempt: Attempt): boolean =>
  facts.endOf(attempt) - attempt.at > facts.expect.stallWithin ||
  !facts.healthyFor(attempt).some((path) => placeOf(path).target !== targetOf(attempt))

/** The outages of a target as its calls lived through them, from the moment when it was known to be down. */
const outagesOf = (
  facts: Facts,
  target: string,
  models: ReadonlySet<string>,
  explained: ReadonlySet<string>
): ReadonlyArray<Outage> => {
  const outages: Array<Array<Look>> = []
  let failures = 0
  let looks: Array<Look> = []
  const end = (): void => {
    outages.push(looks)
    looks = []
    failures = 0
  }
  for (const each of facts.cases) {
    if (!models.has(each.call.model)) continue
    const own = each.attempts.filter((attempt) => targetOf(attempt) === target)
    const down = own.filter(isDown)
    if (failures >= known && !explained.has(each.call.id)) {
      looks.push({
        at: each.call.at,
        failed: down.filter((attempt) => isWaitedFor(each, attempt) && !isGranted(facts, attempt))
      })
    }
    failures += down.length
    if (own.length > down.length) end()
  }
  end()
  return outages.map((looks) => {
    const asked = looks.filter(({ failed }) => failed.length > 0)
    const [from = 0, to = 0] = [asked[0]?.at, asked.at(-1)?.at]
    return { target, asked, millis: to - from, calls: looks.length + passedOver(facts, target, models, from, to) }
  })
}

const isForgotten = (facts: Facts, { asked, calls, millis }: Outage): boolean =>
  asked.length >= fewest.calls && millis >= facts.own(fewest.millis) && asked.length >= share * calls

const toFinding = (facts: Facts, { asked, calls, target }: Outage): Finding => {
  const waits = asked
    .map(({ failed }) => failed.reduce((sum, attempt) => sum + facts.endOf(attempt) - attempt.at, 0))
    .toSorted((a, b) => a - b)
  const wait = waits[waits.length >> 1] ?? 0
  const told = Evidence.duration(wait)
  const message = {
    en: `${asked.length} of ${calls} calls asked ${target} after it had failed ${known} times in a row, and waited ${told} each: remember that a target is down, pass it over, and look at it now and then.`,
    zh: `${target} 连续失败 ${known} 次后，${calls} 次调用中仍有 ${asked.length} 次先去问它，每次等待 ${told}：请记住目标已宕机并跳过它，隔一段时间再试探。`
  }
  const severity = wait >= facts.own(longWait) ? "fails" : "warns"
  return Evidence.ofAttempts(
    "dead-target-asked",
    message,
    asked.flatMap(({ failed }) => failed),
    severity
  )
}

/** Looks at each target that failed, in the calls for the models that lead to it but for those that are `explained`. */
export const find = (facts: Facts, explained: ReadonlySet<string>): ReadonlyArray<Finding> => {
  const models = new Map<string, Set<string>>()
  for (const { attempts, call } of facts.cases) {
    for (const attempt of attempts) {
      if (!isDown(attempt)) continue
      const target = targetOf(attempt)
      models.set(target, (models.get(target) ?? new Set()).add(call.model))
    }
  }
  return [...models].flatMap(([target, asked]) =>
    outagesOf(facts, target, asked, explained)
      .filter((outage) => isForgotten(facts, outage))
      .map((outage) => toFinding(facts, outage))
  )
}
