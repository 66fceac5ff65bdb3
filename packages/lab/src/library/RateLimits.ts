/** Accounts that are limited, and vendors that are full. */
import { failing, keys, lesson, minute, type Recipe, recipe, steady } from "./Recipe.ts"

/** The recipes. */
export const recipes: ReadonlyArray<Recipe> = [
  recipe("rate.limit", (side) => ({
    teaches: lesson(
      "A 429 is about an account, not about a key or a vendor: another account answers at once.",
      "429 限的是账号，不是 Key，也不是整个厂商：换另一个账号马上就能回答。"
    ),
    faults: [{ kind: "rate.limit", account: side.first, ...minute }]
  })),
  recipe("rate.tokens", (side) => ({
    teaches: side.lessons.tokens,
    faults: [{ kind: "rate.tokens", account: side.first, ...minute }]
  })),
  failing(
    "rate.burst",
    "Qwen refuses traffic that grows too fast, whatever the quota: slow down there and let the other vendor carry the peak.",
    "Qwen 会拒绝增长过快的流量，与配额无关：放慢脚步，把峰值交给另一家。"
  ),
  recipe("rate.quota", (side) => ({
    teaches: lesson(
      `Ten requests a minute for each account, with a true Retry-After: use what there is, and ${side.otherLabel} for the rest.`,
      `每个账号每分钟十次请求，并给出真实的 Retry-After：先用足配额，其余交给 ${side.otherLabel}。`
    ),
    keys: keys({
      [side.first]: { limit: { requests: 10, per: "1m", retryAfter: "seconds" } },
      [side.second]: { limit: { requests: 10, per: "1m", retryAfter: "date" } }
    }),
    traffic: steady(side, { every: "1s", for: "3m" })
  })),
  recipe("rate.retryAfter", (side) => ({
    teaches: lesson(
      `All of ${side.label}'s accounts are told to wait twenty seconds: whoever asks earlier only makes it longer.`,
      `${side.label} 的所有账号都被要求等二十秒：提前重试只会让恢复更慢。`
    ),
    faults: [{ kind: "rate.limit", vendor: side.vendor, retryAfter: 20, ...minute }]
  })),
  recipe("rate.retryAfterDate", (side) => ({
    teaches: lesson(
      "Retry-After may also be a date: it counts just as much as a number of seconds.",
      "Retry-After 也可能是一个日期：它和秒数一样必须遵守。"
    ),
    faults: [{ kind: "rate.limit", account: side.first, retryAfter: { date: "20s" }, ...minute }]
  })),
  recipe("rate.sameAccount", (side) => ({
    teaches: lesson(
      "Two keys of one account share its limit: changing the key changes nothing, changing the vendor does.",
      "同一账号的两个 Key 共享限额：换 Key 毫无意义，换厂商才有用。"
    ),
    keys: keys({ [side.first]: { account: "team" }, [side.second]: { account: "team" } }),
    faults: [{ kind: "rate.limit", account: "team", ...minute }]
  })),
  recipe("overload.fast", (side) => ({
    teaches: side.lessons.overload,
    faults: [{ kind: "overload.fast", vendor: side.vendor, delay: "200ms", ...minute }],
    expect: { within: "10s" }
  })),
  failing(
    "overload.disguised",
    "An overload that comes as HTTP 400 is still an overload: who goes by the status alone blames the caller.",
    "以 HTTP 400 返回的过载仍然是过载：只看状态码就会错怪调用方。",
    { expect: { within: "10s" } }
  ),
  failing(
    "overload.serving",
    "The servers behind a model fail (503 ModelServingError): one try more, then the other vendor.",
    "模型背后的推理服务出错（503 ModelServingError）：再试一次，然后换另一家。",
    { expect: { within: "10s" } }
  ),
  failing(
    "model.unavailable",
    "A model is unavailable for a minute (503 ModelUnavailable): it is not gone, so come back to it.",
    "模型暂时不可用一分钟（503 ModelUnavailable）：它并没有下线，恢复后要回来用它。",
    { expect: { within: "10s" } }
  ),
  recipe("overload.queue", (side) => ({
    teaches: lesson(
      "DeepSeek keeps a stream alive with comments while it waits in the queue: bytes arrive, but no answer does.",
      "DeepSeek 排队时会用注释行给流保活：字节一直在来，答案却没有来。"
    ),
    faults: [{ kind: "overload.queue", vendor: side.vendor, stream: true, delay: "1m", every: "5s", ...minute }]
  })),
  failing(
    "server.error",
    "A 500 is the target's fault: no key is to blame for it, and one try more is worth it.",
    "500 是目标的问题：怪不到任何 Key 头上，值得再试一次。"
  ),
  failing(
    "server.empty",
    "A 500 without a single byte in its body: who reads the error must not fall over it, and the call goes on elsewhere.",
    "500 的响应体一个字节都没有：解析错误的代码不能因此崩溃，请求换一家继续。"
  ),
  recipe("server.timeout", (side) => ({
    teaches: lesson(
      "Qwen gives up on a request itself and says so with a 500 (RequestTimeOut) after ten seconds: do not spend them twice.",
      "Qwen 自己等了十秒后以 500（RequestTimeOut）放弃：不要再花第二个十秒。"
    ),
    faults: [{ kind: "server.timeout", vendor: side.vendor, delay: "10s", ...minute }]
  }))
]
