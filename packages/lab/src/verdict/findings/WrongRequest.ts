/**
 * `wrong-request`: what reached a vendor is not what the caller asked: other messages, or a model that nobody asked for.
 *
 * **Details**
 *
 * What it grants: further messages around the caller's, and every other freedom of `run/Inspection`. Another model than those
 * that the scenario's routes lead to is only noted: a client may have a fallback of its own.
 */

import { targetOf } from "../../run/Whereabouts.ts"
import * as Setup from "../../scenario/Setup.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const ofMessages = ({ attempts }: Facts): ReadonlyArray<Finding> => {
  const found = attempts.filter(({ differs }) => differs === true)
  const [first] = found
  if (first === undefined) return []
  const message = {
    en: `${Evidence.many(found.length, "request")} did not hold the messages that the caller wrote (${first.call ?? ""}): pass all of them on, unchanged and in their order.`,
    zh: `${found.length} 个请求中没有调用方原来的消息（${first.call ?? ""}）：请原样、按顺序传递全部消息。`
  }
  return [Evidence.ofAttempts("wrong-request", message, found)]
}

const ofModels = (facts: Facts): ReadonlyArray<Finding> => {
  const targets = new Map<string, ReadonlySet<string>>()
  const targetsFor = (model: string): ReadonlySet<string> => {
    const known = targets.get(model)
    if (known !== undefined) return known
    const found = new Set(Setup.paths(facts.run.scenario, model).map((path) => `${path.vendor}/${path.model}`))
    targets.set(model, found)
    return found
  }
  const found = facts.attempts.filter((attempt) => {
    const asked = facts.modelOf(attempt)
    if (asked === "" || attempt.model === "" || attempt.model === asked) return false
    return !targetsFor(asked).has(targetOf(attempt))
  })
  const [first] = found
  if (first === undefined) return []
  const [asked, target] = [facts.modelOf(first), targetOf(first)]
  const message = {
    en: `${Evidence.many(found.length, "request")} asked for a model to which no route of the scenario leads (${asked}: ${target}): if that is no fallback of the client's own, correct its routes.`,
    zh: `${found.length} 个请求所问的模型不在场景的路由之内（${asked}：${target}）：如果这不是客户端自己的后备，请修正其路由。`
  }
  return [Evidence.ofAttempts("wrong-request", message, found, "notes")]
}

/** Looks at what arrived. */
export const find = (facts: Facts): ReadonlyArray<Finding> => [...ofMessages(facts), ...ofModels(facts)]
