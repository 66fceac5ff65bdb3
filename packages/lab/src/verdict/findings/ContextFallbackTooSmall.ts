/**
 * `context-fallback-too-small`: a call went on to a fallback whose context is too small for its request.
 *
 * Warns only: a smaller fallback is better than none for all shorter requests. What it grants: requests that were too long for
 * the first target as well.
 */
import type { Attempt } from "../../run/Run.ts"
import { targetOf } from "../../run/Whereabouts.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const isTooLong = ({ recipe }: Attempt): boolean => recipe === "request.tooLong"

/** Looks at each attempt that was refused for its length, and those before it. */
export const find = ({ repeated }: Facts): ReadonlyArray<Finding> => {
  const found = repeated.flatMap(({ attempts: [first, ...others] }) =>
    first === undefined || isTooLong(first)
      ? []
      : others.filter((attempt) => isTooLong(attempt) && targetOf(attempt) !== targetOf(first))
  )
  const [first] = found
  if (first === undefined) return []
  const target = targetOf(first)
  const message = {
    en: `${Evidence.many(found.length, "request")} went to a fallback whose context is too small for them (${target}): give long requests a fallback that holds them.`,
    zh: `${found.length} 个请求回退到了上下文装不下它们的模型（${target}）：请为长请求配置装得下的后备模型。`
  }
  return [Evidence.ofAttempts("context-fallback-too-small", message, found)]
}
