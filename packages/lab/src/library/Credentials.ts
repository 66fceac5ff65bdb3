/** Keys that are wrong, revoked or out of money. */
import type { FaultKind } from "@understudy/mocks/FaultKind"
import { keys, lesson, minute, type Recipe, recipe, spell, steady } from "./Recipe.ts"

/** A key is refused so for a minute, and another one goes on. */
const refused = (name: FaultKind, en: string, zh: string): Recipe =>
  recipe(name, ({ first }) => ({
    teaches: lesson(en, zh),
    keys: keys({ [first]: spell(name, "30s", "1m") }),
    expect: { within: "5s" }
  }))

/** An account is out of money in this way for two minutes. */
const unpaid = (name: FaultKind, en: string, zh: string): Recipe =>
  recipe(name, (side) => ({
    teaches: lesson(en, zh),
    keys: keys({ [side.first]: spell(name, "30s", "2m") }),
    traffic: steady(side, { for: "6m" })
  }))

/** The recipes. */
export const recipes: ReadonlyArray<Recipe> = [
  recipe("auth.invalid", (side) => ({
    teaches: lesson(
      `One of ${side.label}'s two keys is wrong from the start: the first refusal takes it out, and nobody notices.`,
      `${side.label} 的两个 Key 里有一个从一开始就是错的：第一次被拒就摘除它，业务毫无感知。`
    ),
    keys: keys({ [side.first]: { state: "invalid" } }),
    expect: { within: "5s" }
  })),
  recipe("auth.missing", (side) => ({
    teaches: lesson(
      `${side.label} answers a key as if none had been sent, not even as JSON everywhere: still the key's fault, so the other key goes on.`,
      `${side.label} 像没收到 Key 一样返回 401，响应体甚至未必是 JSON：这仍是 Key 的问题，换另一个 Key 继续。`
    ),
    keys: keys({ [side.first]: spell("auth.missing", "30s", "1m") }),
    expect: { within: "5s" }
  })),
  refused(
    "auth.format",
    "DeepSeek no longer takes a key for one at all (401, wrong format): that is the key's fault like any other, and the other key goes on.",
    "DeepSeek 突然说 Key 的格式不对（401）：这和其他 Key 问题一样，换另一个 Key 继续。"
  ),
  refused(
    "auth.workspace",
    "A workspace does not know a key that is good elsewhere (401): the key is out here, and nobody who called notices.",
    "业务空间不认识一个在别处有效的 Key（401）：在这里就该摘除它，调用方毫无感知。"
  ),
  refused(
    "auth.plan",
    "A key of another plan is refused (401): the message speaks of a plan, and what helps is another key.",
    "Key 属于另一种套餐而被拒绝（401）：报错说的是套餐，管用的是换一个 Key。"
  ),
  recipe("auth.allKeys", (side) => ({
    teaches: lesson(
      `All keys of ${side.label} are revoked for a minute: ${side.otherLabel} answers meanwhile, and the keys come back by themselves.`,
      `${side.label} 的全部 Key 被吊销一分钟：期间由 ${side.otherLabel} 接管，恢复后 Key 自动归队。`
    ),
    keys: keys({ [side.first]: spell("revoked", "30s", "1m"), [side.second]: spell("revoked", "30s", "1m") })
  })),
  recipe("key.revoked", (side) => ({
    teaches: lesson(
      "A key is revoked and restored a minute later: a free check brings it back, not a caller's request.",
      "一个 Key 被吊销，一分钟后恢复：靠免费的健康检查把它找回来，而不是拿用户的请求去试。"
    ),
    keys: keys({ [side.first]: spell("revoked", "30s", "1m") }),
    expect: { within: "5s" }
  })),
  recipe("billing.exhausted", (side) => ({
    teaches: side.lessons.arrears,
    keys: keys({ [side.first]: spell("arrears", "30s", "2m") }),
    traffic: steady(side, { for: "6m" })
  })),
  recipe("billing.shrinking", (side) => ({
    teaches: lesson(
      "Before DeepSeek says 402 it allows less and less at once: the 429s are the warning, the 402 is the end.",
      "DeepSeek 在返回 402 之前会逐步收紧并发：429 是预警，402 才是终点。"
    ),
    keys: keys({
      [side.first]: {
        changes: [
          { state: "billing.shrinking", after: "30s" },
          { state: "billing.exhausted", after: "30s" },
          { state: "valid", after: "1m" }
        ]
      }
    }),
    traffic: steady(side, { for: "6m" })
  })),
  unpaid(
    "billing.freeTier",
    "The free tier is used up (403 AllocationQuota.FreeTierOnly): a matter of money, not of permission; the account that pays goes on.",
    "免费额度用完（403 AllocationQuota.FreeTierOnly）：这是钱的问题，不是权限问题，换付费账号继续。"
  ),
  unpaid(
    "billing.freeQuota",
    "The international free quota is used up: a 403 named insufficient_quota is about money, the same name with a 429 about a minute.",
    "国际站免费额度用完：带 403 的 insufficient_quota 是钱的问题，同名配 429 则只是一分钟的限流。"
  ),
  unpaid(
    "billing.overdue",
    "A bill is overdue and Qwen says so with a 429: no wait helps there, only a payment, so another account goes on.",
    "账单逾期时 Qwen 返回的是 429：等多久都没用，只有付款才行，换另一个账号继续。"
  ),
  recipe("access.denied", (side) => ({
    teaches: lesson(
      "One account may not use this model (403): its key stays good for every other model, and another key answers.",
      "一个账号没有这个模型的权限（403）：它的 Key 对其他模型仍然有效，这次换一个 Key 回答。"
    ),
    faults: [{ kind: "access.denied", key: side.first, model: side.model, ...minute }],
    traffic: steady(side, { for: "12m", every: "6s" }),
    expect: { restoredWithin: "11m" }
  }))
]
