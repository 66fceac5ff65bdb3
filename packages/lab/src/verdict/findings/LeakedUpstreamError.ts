/**
 * `leaked-upstream-error`: a caller was shown what is between the client and its vendors.
 *
 * **Details**
 *
 * Each of these is a leak, in a call that failed where an answer was expected:
 *
 * - the status (400, 401, 402 or 403) of a vendor's refusal of the client's own key, account or permission, as if it were about
 *   the caller, who can do nothing about it;
 * - the value of a key;
 * - the end of a key behind asterisks, as vendors mask it;
 * - a page of the network in front, as it is.
 *
 * What it grants: an error of the client's own (a 502, or none) that says which upstream failed and quotes it; a masked key or
 * a page within such a sentence; a status that a refusal of the request itself had as well.
 */
import { names } from "@understudy/mocks/VendorList"
import type { Scenario } from "../../scenario/Scenario.ts"
import * as Attempts from "../Attempts.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const page = /^\s*(\d{3}\s+)?<(!doctype|html)/i
const namesVendor = new RegExp([...names, "upstream"].join("|"), "i")
const masked = /\*{2,}([A-Za-z0-9_-]+)/g

const isOwnKeysRefusal = (status: number, { attempts }: Case): boolean =>
  status >= 400 &&
  status <= 403 &&
  attempts.some((attempt) => attempt.status === status && Attempts.isForGood(attempt)) &&
  !attempts.some((attempt) => attempt.status === status && Attempts.isCallersFault(attempt))

const namesUpstream = (message: string, { config }: Scenario): boolean =>
  namesVendor.test(message) || Object.keys(config.providers).some((name) => message.split(/[^\w.-]+/).includes(name))

const showsTail = (message: string, scenario: Scenario): boolean =>
  !namesUpstream(message, scenario) &&
  [...message.matchAll(masked)].some(([, tail = ""]) =>
    scenario.keys.some(({ value }) => value.endsWith(tail.slice(-4)))
  )

/** What was shown, if anything. */
const leakOf = (each: Case, scenario: Scenario): { readonly en: string; readonly zh: string } | undefined => {
  const { error, outcome } = each.call
  if (outcome !== "failed" || error === undefined) return undefined
  const { message, status } = error
  if (scenario.keys.some(({ value }) => message.includes(value))) return { en: "a key", zh: "密钥" }
  if (status !== undefined && isOwnKeysRefusal(status, each)) {
    return { en: `the vendor's ${status} for the client's own key`, zh: `厂商对客户端自身密钥的 ${status}` }
  }
  if (showsTail(message, scenario)) return { en: "the end of a key", zh: "密钥尾号" }
  return page.test(message) ? { en: "a raw page", zh: "原始网页" } : undefined
}

/** Looks at the errors that callers saw. */
export const find = ({ cases, expect, run }: Facts): ReadonlyArray<Finding> => {
  if (expect.outcome === "rejected") return []
  const found = cases.flatMap((each) => {
    const leak = leakOf(each, run.scenario)
    return leak === undefined ? [] : [{ ...each, leak }]
  })
  const [first] = found
  if (first === undefined) return []
  const message = {
    en: `${Evidence.many(found.length, "caller")} saw an upstream's trouble as if it were the caller's (${first.call.id}: ${first.leak.en}): answer with an error of your own, such as 502.`,
    zh: `${found.length} 个调用方直接看到了上游的问题（${first.call.id}：${first.leak.zh}）：请返回自己的错误，例如 502。`
  }
  return [Evidence.ofCases("leaked-upstream-error", message, found)]
}
