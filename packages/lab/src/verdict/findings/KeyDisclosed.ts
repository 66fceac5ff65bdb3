/**
 * `key-disclosed`: the value of a key stood where it has no business: in a request to another vendor, in a prompt, in another
 * header than the authorization, or in the client's log.
 *
 * Grants nothing. What callers were shown is `leaked-upstream-error`.
 */
import type { Attempt } from "../../run/Run.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

type Where = NonNullable<Attempt["discloses"]>["where"]

const places: Readonly<Record<Where, { readonly en: string; readonly zh: string }>> = {
  authorization: { en: "was sent to another vendor", zh: "被发给了另一家厂商" },
  body: { en: "stood in the body of a request", zh: "出现在请求体里" },
  header: { en: "stood in a header or the address of a request", zh: "出现在请求的其他头部或地址里" }
}

const ofRequests = ({ attempts, probes }: Facts): ReadonlyArray<Finding> => {
  const found = [...attempts, ...probes].filter(({ discloses }) => discloses !== undefined)
  return [...Map.groupBy(found, ({ discloses }) => `${discloses?.where} ${discloses?.key}`).values()].flatMap((all) => {
    const [first] = all
    if (first?.discloses === undefined) return []
    const { key, where } = first.discloses
    const { vendor } = first
    const message = {
      en: `${key} ${places[where].en} (${Evidence.many(all.length, "request")}, to ${vendor}): send a key to its own vendor alone, as its authorization, and replace this one.`,
      zh: `密钥 ${key} ${places[where].zh}（${all.length} 个请求，发往 ${vendor}）：密钥只能作为 authorization 发给它自己的厂商；请更换这个密钥。`
    }
    return [Evidence.ofAttempts("key-disclosed", message, all)]
  })
}

const ofLog = ({ run: { logged = [] } }: Facts): ReadonlyArray<Finding> => {
  if (logged.length === 0) return []
  const keys = logged.join(", ")
  const message = {
    en: `The value of a key stands in the client's log (${keys}): take keys out before a line is written, and replace these.`,
    zh: `客户端日志里出现了密钥原文（${keys}）：写日志前请先去除密钥，并更换这些密钥。`
  }
  return [Evidence.ofCalls("key-disclosed", message, [])]
}

/** Looks at what arrived, and at the client's log where it was given. */
export const find = (facts: Facts): ReadonlyArray<Finding> => [...ofRequests(facts), ...ofLog(facts)]
