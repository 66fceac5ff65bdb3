/**
 * What makes sense and is probably not meant: a set-up in which an outage has nowhere to go, and models that nobody has.
 *
 * **Example** (the standard setting is all right)
 *
 * ```ts
 * import * as Library from "@understudy/lab/library/Library"
 * import * as Warnings from "@understudy/lab/scenario/Warnings"
 *
 * Warnings.of(Library.find("auth.invalid@qwen")) // => []
 * ```
 */
import * as Catalogue from "@understudy/mocks/Catalogue"
import type { Scenario } from "./Scenario.ts"
import type { Sentence } from "./Sentence.ts"
import * as Setup from "./Setup.ts"
import * as TrafficChecks from "./TrafficChecks.ts"

const ofModel = (scenario: Scenario, model: string): ReadonlyArray<Sentence> => {
  const paths = Setup.paths(scenario, model)
  const [first] = paths
  if (first === undefined) return []
  const { catalogue } = scenario
  const target = `${first.vendor}/${first.model}`
  const isFirst = (path: typeof first): boolean => path.vendor === first.vendor && path.model === first.model
  const keys = scenario.keys.filter(({ name }) => paths.some((path) => isFirst(path) && path.key === name))
  const accounts = new Set(keys.map(({ account }) => account))
  const strangers = [...new Map(paths.map((path) => [`${path.vendor}/${path.model}`, path])).values()].filter(
    (path) => !Catalogue.answers(path.vendor, path.model, catalogue)
  )
  return [
    ...strangers.map(({ model: name, vendor }) => ({
      en: `${vendor} has no model "${name}" (asked for as ${model}): correct the route, or name another catalogue`,
      zh: `${vendor} 没有模型 "${name}"（请求的是 ${model}）：请修正路由，或换一个目录`
    })),
    ...(keys.length === 1
      ? [
          {
            en: `${target} has a single key: when it is refused, only a fallback is left. Give it a second one`,
            zh: `${target} 只有一个 key：它被拒绝时只能靠后备。请再配一个`
          }
        ]
      : accounts.size === 1
        ? [
            {
              en: `all keys of ${target} are of one account: its limit or arrears stop them all. Add a key of another account`,
              zh: `${target} 的 key 同属一个账号：限流或欠费时会一起失效。请加一个其他账号的 key`
            }
          ]
        : []),
    ...(paths.every(isFirst)
      ? [
          {
            en: `${model} has no fallback: when ${target} is down, every call fails. Give its route a fallback`,
            zh: `${model} 没有后备：${target} 宕机时所有调用都会失败。请为它的路由配置 fallback`
          }
        ]
      : [])
  ]
}

/** What is to be said of a scenario's set-up, for each model that its traffic asks for. */
export const of = (scenario: Scenario): ReadonlyArray<Sentence> =>
  [...TrafficChecks.models(scenario.source.traffic).keys()].flatMap((model) => ofModel(scenario, model))
