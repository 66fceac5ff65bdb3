/**
 * `tool-run-twice`: a tool of the caller's ran more than once for one answer: what it books is booked twice.
 *
 * **Details**
 *
 * The mocked model calls the tool once for each question, and its arguments name the answer. A tool that ran for a first answer
 * and, after a retry or a fallback, for a second one counts too. What it grants: a run for each call of a conversation. A result
 * that never goes back to the model is `wrong-request`.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

/** The calls whose tool ran once too often: for their own answer, or for one that it had run for in an earlier call. */
const repeating = ({ cases }: Facts): ReadonlyArray<string> => {
  const done = new Set<string>()
  return cases.flatMap(({ call: { id, toolRuns = [] } }) => {
    const [conversation = id] = id.split(".")
    const names = toolRuns.map((run) => `${conversation} ${run.name} ${run.arguments}`)
    const isRepeated = names.length > 1 || names.some((name) => done.has(name))
    for (const name of names) done.add(name)
    return isRepeated ? [id] : []
  })
}

/** Looks at what callers' tools were given. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const found = repeating(facts)
  const [first] = found
  if (first === undefined) return []
  const message = {
    en: `The caller's tool ran more than once for one answer in ${Evidence.many(found.length, "call")} (${first}): run a tool in one place, once per call of the model, and not again when a request is repeated.`,
    zh: `有 ${found.length} 次调用对同一个回答多次执行了调用方的工具（${first}）：工具只应在一处执行，模型每次调用只执行一次，重试请求时不得再执行。`
  }
  return [Evidence.ofCalls("tool-run-twice", message, found)]
}
