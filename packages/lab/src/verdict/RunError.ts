/**
 * Why a run shows nothing of the client, where that is so: then it is neither passed nor failed, but an error.
 *
 * | kind                    | what happened                                                                     |
 * | ----------------------- | --------------------------------------------------------------------------------- |
 * | `nothing-reached`       | no request for an answer reached a mocked vendor                                  |
 * | `no-such-target`        | the first target of a model that was asked for is none that its vendor has        |
 * | `target-never-answered` | the first target was well from the beginning, and was not asked with any of its keys |
 *
 * **Details**
 *
 * Whoever is not pointed at the mocked vendors gets through every outage. The cause is likely the client's set-up, and the
 * message says which: another base URL, another mock, a cache, keys that are not the scenario's. What it grants: a first
 * target that was not well from the beginning, or of which there are several.
 *
 * **Example** (a client that asks nobody)
 *
 * ```ts
 * import { Client, Lab } from "@understudy/lab"
 *
 * const client = Client.make("busy", () => () => Promise.resolve({ text: "The service is busy." }))
 * const { verdict } = await Lab.run("refuse@qwen", { client })
 * verdict.error?.kind // => "nothing-reached"
 * ```
 */
import * as Catalogue from "@understudy/mocks/Catalogue"
import * as Schema from "effect/Schema"
import type { Attempt } from "../run/Run.ts"
import { targetOf } from "../run/Whereabouts.ts"
import type { PathPlan } from "../scenario/Scenario.ts"
import { Sentence } from "../scenario/Sentence.ts"
import * as Setup from "../scenario/Setup.ts"
import * as Attempts from "./Attempts.ts"
import * as Evidence from "./Evidence.ts"
import type { Facts } from "./Facts.ts"
import { placeOf } from "./Paths.ts"

/** Why a run shows nothing. Fields are written in this order. */
export const RunError = Schema.Struct({
  kind: Schema.Literals(["nothing-reached", "no-such-target", "target-never-answered"]),
  /** What happened, and what it is likely to come from. */
  message: Sentence
})

/** Why a run shows nothing. */
export type RunError = typeof RunError.Type

/** True for a request that asks for an answer, and not for a free check. */
const asks = ({ method }: Attempt): boolean => method === "POST"

const nothingReached = ({ attempts, cases, probes }: Facts): RunError | undefined => {
  if (attempts.length > 0 || probes.some(asks)) return undefined
  const seen = cases.find(({ call }) => call.error !== undefined)?.call.error?.message
  const checks = Evidence.many(probes.length, "free check")
  const [en, zh] = [
    [
      ...(probes.length === 0 ? [] : [` but ${checks} of keys`]),
      ": is the client pointed elsewhere, at another mock, or does it answer from a cache?",
      ...(seen === undefined ? [] : [` Its callers saw ${Evidence.quote(seen)}.`])
    ],
    [
      ...(probes.length === 0 ? [] : [`（只有 ${probes.length} 次免费的密钥检查）`]),
      "：客户端是否指向了别处或另一个模拟服务，或者在用缓存作答？",
      ...(seen === undefined ? [] : [`调用方看到的是 ${Evidence.quote(seen)}。`])
    ]
  ]
  return {
    kind: "nothing-reached",
    message: {
      en: `No request for an answer reached the mocked vendors${en.join("")}`,
      zh: `没有任何请求到达模拟厂商${zh.join("")}`
    }
  }
}

const noSuchTarget = (
  { model, vendor }: PathPlan,
  attempts: ReadonlyArray<Attempt>,
  catalogue: Catalogue.Catalogue
): RunError | undefined => {
  if (Catalogue.answers(vendor, model, catalogue) || attempts.some(Attempts.isSuccess)) return undefined
  const known = Catalogue.listed(vendor, catalogue).slice(0, 4).join(", ")
  return {
    kind: "no-such-target",
    message: {
      en: `${vendor} has no model ${model}, so that the first target answered nobody: ask for one that it has (${known}, …), or correct the route.`,
      zh: `${vendor} 没有模型 ${model}，首选目标因此从未应答：请改用它有的模型（${known} 等），或修正路由。`
    }
  }
}

const neverAnswered = (
  target: string,
  attempts: ReadonlyArray<Attempt>,
  of: { readonly calls: number; readonly model: string }
): RunError => {
  const calls = Evidence.many(of.calls, "call")
  const last = attempts.at(-1)
  const refusal = last === undefined ? "" : `${last.status === 0 ? "" : `${last.status} `}${last.recipe}`
  const message =
    last === undefined
      ? {
          en: `${target}, the first target of ${of.model}, was well and was never asked in ${calls}: is the client set up with other routes, or pointed elsewhere for this vendor?`,
          zh: `${target} 是 ${of.model} 的首选目标且一直正常，但 ${of.calls} 次调用都没有问过它：客户端是否用了别的路由，或对该厂商指向了别处？`
        }
      : {
          en: `${target}, the first target of ${of.model}, was well and answered none of ${Evidence.many(attempts.length, "request")} (${refusal}), none of which had a key of the scenario: give the client the scenario's keys.`,
          zh: `${target} 是 ${of.model} 的首选目标且一直正常，却没有应答 ${attempts.length} 个请求中的任何一个（${refusal}），它们都没有使用场景的密钥：请给客户端配置场景给出的密钥。`
        }
  return { kind: "target-never-answered", message }
}

/** How long a target was well from the beginning on. */
const wellUntil = ({ run }: Facts, model: string, target: string): number => {
  const moments = run.health[model] ?? []
  const isWell = ({ paths }: (typeof moments)[number]): boolean => paths.some((path) => placeOf(path).target === target)
  const [first] = moments
  if (first === undefined || first.at > 0 || !isWell(first)) return 0
  return moments.find((moment) => !isWell(moment))?.at ?? Number.POSITIVE_INFINITY
}

/** True for a request that the scenario's vendors took for one of the scenario: what became of it shows something. */
const isOfScenario = ({ run }: Facts, attempt: Attempt): boolean =>
  Attempts.isSuccess(attempt) || run.scenario.keys.some(({ name }) => name === attempt.key)

const ofModel = (facts: Facts, model: string): RunError | undefined => {
  const { scenario } = facts.run
  const [first] = Setup.paths(scenario, model)
  if (first === undefined || scenario.config.routes.some(({ targets }) => targets.length > 1)) return undefined
  const target = `${first.vendor}/${first.model}`
  const attempts = [...facts.attempts, ...facts.probes].filter(
    (attempt) => asks(attempt) && targetOf(attempt) === target
  )
  const until = wellUntil(facts, model, target)
  if (until === 0) return noSuchTarget(first, attempts, scenario.catalogue)
  const calls = facts.cases.filter(
    ({ call: { at, endedAt, outcome, ...call } }) =>
      call.model === model && outcome !== "left" && at < until && (endedAt ?? Number.POSITIVE_INFINITY) < until
  )
  if (calls.length === 0 || attempts.some((attempt) => isOfScenario(facts, attempt))) return undefined
  return neverAnswered(target, attempts, { calls: calls.length, model })
}

/** Looks whether there is anything to judge. */
export const find = (facts: Facts): RunError | undefined => {
  const models = new Set(facts.cases.map(({ call }) => call.model))
  return nothingReached(facts) ?? [...models].map((model) => ofModel(facts, model)).find((error) => error !== undefined)
}
