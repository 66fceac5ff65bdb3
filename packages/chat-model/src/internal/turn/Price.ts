/**
 * What requests take, in tokens and in money: by an estimate before, by what vendors reported after.
 */
import * as PriceTable from "@understudy/core/wire/PriceTable"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import { ChatModelError } from "../../ChatModelError.ts"
import type { ChatPart } from "../../ChatPart.ts"
import * as ChatResponse from "../../ChatResponse.ts"
import * as TokenEstimate from "../../memory/TokenEstimate.ts"
import type { Prompt } from "../../Prompt.ts"
import * as Usage from "../../Usage.ts"

/** A price for each model, all in one currency, or what a usage costs; undefined for a model without a price. */
export type Prices = PriceTable.PriceTable | ((usage: Usage.Usage, model: string) => number | undefined)

/** What something took. */
export interface Cost {
  readonly tokens: number
  readonly money: number
}

const moneyOf = (prices: Prices | undefined, usage: Usage.Usage, model: string): number | undefined => {
  if (prices === undefined) return 0
  if (typeof prices === "function") return prices(usage, model)
  const price = PriceTable.priceOf(prices, model)
  if (price === undefined) return undefined
  const { cacheReadInputTokens: cacheRead, completionTokens: output, promptTokens: input } = usage
  return PriceTable.costOf(price, { input, output, cacheRead })?.amount ?? 0
}

const guess = ({ messages }: Prompt, completionTokens: number): Usage.Usage => {
  const promptTokens = messages.reduce((sum, message) => sum + TokenEstimate.ofMessage(message), 0)
  return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens, nativeUsage: {} }
}

const modelOf = ({ options }: Prompt): string => (typeof options.model === "string" ? options.model : "")

/** What a request needs, by an estimate; undefined when its model has no price. */
export const estimate = (prices: Prices | undefined, prompt: Prompt): Cost | undefined => {
  const { maxTokens } = prompt.options
  const usage = guess(prompt, typeof maxTokens === "number" ? maxTokens : 0)
  const money = moneyOf(prices, usage, modelOf(prompt))
  return money === undefined ? undefined : { tokens: usage.totalTokens ?? 0, money }
}

interface Billed {
  readonly usage: Usage.Usage
  /** Whose price it has; of a model without one, the price of the model that was asked for. */
  readonly model: string
}

const billed = (
  prompt: Prompt,
  parts: ReadonlyArray<ChatPart>,
  exit: Exit.Exit<unknown, unknown>
): ReadonlyArray<Billed> => {
  const { metadata } = ChatResponse.fromParts(parts)
  if (metadata.cached === true) return []
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  const trail = error instanceof ChatModelError ? error.trail : metadata.trail
  const failed = trail.flatMap(({ _tag, model, usage: reported }) => {
    const usage = _tag === "Ok" ? undefined : Usage.fromWire(reported)
    return usage === undefined ? [] : [{ usage, model }]
  })
  const model = metadata.model ?? modelOf(prompt)
  if (metadata.usage !== undefined) return [...failed, { usage: metadata.usage, model }]
  if (failed.length > 0 || parts.length === 0) return failed
  const said = parts.map((part) => ("delta" in part ? part.delta : "")).join("")
  return [{ usage: guess(prompt, TokenEstimate.ofText(said)), model }]
}

/** What a request took, however it ended. */
export const ofAnswer = (
  prices: Prices | undefined,
  prompt: Prompt,
  parts: ReadonlyArray<ChatPart>,
  exit: Exit.Exit<unknown, unknown>
): Cost => {
  const cost = { tokens: 0, money: 0 }
  for (const { model, usage } of billed(prompt, parts, exit)) {
    cost.tokens += usage.totalTokens ?? 0
    cost.money += moneyOf(prices, usage, model) ?? moneyOf(prices, usage, modelOf(prompt)) ?? 0
  }
  return cost
}
