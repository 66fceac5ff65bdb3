/**
 * Refuses requests that a budget of tokens or of money does not have room for, before they are sent.
 *
 * **Details**
 *
 * - `perCall` bounds one request, `perWindow` all requests of a window of time. A window begins with the first request
 *   after the one before it has ended.
 * - Before a request its need is estimated: its messages (`TokenEstimate`) and `maxTokens`, where that is set. That much
 *   is set aside while it is under way, so requests at the same time cannot all have the same rest.
 * - Afterwards what the vendors reported is counted, failed attempts that were billed too; where they reported nothing,
 *   the estimate of what was sent and came. An answer from `CacheAdvisor` counts nothing.
 * - It stands around each request to the model: a turn with tools is several.
 *
 * **Gotchas**
 *
 * - Without `maxTokens` the answer's length is not known before: the last request of a window may exceed it.
 * - The count is this advisor's and this process's: make one, and share it; one for each customer, if each has a budget.
 *
 * **Example** (A hundred thousand tokens and two yuan an hour)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { BudgetAdvisor, ChatClient, ChatModel } from "@understudy/chat-model"
 *
 * const budget = BudgetAdvisor.make({
 *   perCall: { tokens: 8000 },
 *   perWindow: { every: "1 hour", tokens: 100_000, money: 2 },
 *   price: {
 *     "deepseek-flash": { input: 2, output: 3, currency: "CNY" },
 *     "qwen-plus": { input: 0.8, output: 2, currency: "CNY" }
 *   }
 * })
 * const program = Effect.gen(function* () {
 *   const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [budget] })
 *   return yield* client.prompt("Tell me a joke").call().content()
 * }).pipe(Effect.catchReason("BudgetError", "Exhausted", ({ retryAfter }) => Effect.succeed(`Again in ${retryAfter} ms`)))
 * ```
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Advisor from "../Advisor.ts"
import type { ChatPart } from "../ChatPart.ts"
import { collect } from "../internal/stream/PartWatch.ts"
import { Account, type Limit } from "../internal/turn/Account.ts"
import * as Price from "../internal/turn/Price.ts"
import type { Prompt } from "../Prompt.ts"
import { BudgetError } from "./BudgetError.ts"

export type { Limit } from "../internal/turn/Account.ts"
export type { Prices } from "../internal/turn/Price.ts"

/** The budget. */
export interface Options {
  /** For one request. */
  readonly perCall?: Limit | undefined
  /** For all requests of a window of time. */
  readonly perWindow?: (Limit & { readonly every: Duration.Input }) | undefined
  /** What tokens cost, such as `prices` of the configuration; needed where money is limited. */
  readonly price?: Price.Prices | undefined
}

/** Makes an advisor with a count of its own. Throws a `RangeError` for a limit below 0, and for money without a price or in several currencies. */
export const make = ({ perCall = {}, perWindow, price }: Options): Advisor.Advisor<BudgetError> => {
  const countsMoney = perCall.money !== undefined || perWindow?.money !== undefined
  if (countsMoney && price === undefined) throw new RangeError("price must be given where money is limited, got none")
  const currencies = new Set(Object.values(price ?? {}).map(({ currency }) => currency))
  if (countsMoney && currencies.size > 1) {
    throw new RangeError(`price must be in one currency where money is limited, got ${[...currencies].join(", ")}`)
  }
  const prices = countsMoney ? price : undefined
  const account = new Account(perCall, perWindow ?? {}, Duration.toMillis(perWindow?.every ?? 0))
  const reserve = (prompt: Prompt): Effect.Effect<Price.Cost, BudgetError> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const needed = Price.estimate(prices, prompt)
      if (needed === undefined) {
        return Effect.fail(new BudgetError({ reason: { _tag: "Unpriced", model: String(prompt.options.model) } }))
      }
      const refusal = account.reserve(needed, now)
      return refusal === undefined ? Effect.succeed(needed) : Effect.fail(new BudgetError({ reason: refusal }))
    })
  return Advisor.make(
    "budget",
    (request, next) =>
      Stream.suspend(() => {
        const parts: Array<ChatPart> = []
        const reserved = Effect.acquireRelease(reserve(request.prompt), (needed, exit) =>
          Effect.sync(() => account.settle(needed, Price.ofAnswer(prices, request.prompt, parts, exit)))
        )
        return Stream.unwrap(Effect.map(reserved, () => collect(next(request), parts)))
      }),
    "request"
  )
}
