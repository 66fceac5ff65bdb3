/**
 * What a request may come to before it is answered: its prompt's tokens by the length of its texts, and the most that its answer
 * may have. It is meant to be too much rather than too little, and settled by what the vendor reports.
 */
import type { ProviderConfig, RouteConfig } from "@understudy/core/config/UnderstudyConfig"
import * as Provider from "@understudy/core/provider/Provider"
import type { ModelRequest } from "@understudy/core/wire/ChatCompletion"
import * as PriceTable from "@understudy/core/wire/PriceTable"

/** Tokens of a request. */
export interface Estimate {
  readonly input: number
  readonly output: number
}

/** UTF-8 bytes of a token: 4 of English on the average, 4 to 5 of Chinese. */
const bytesOfToken = 3

/** What a picture or a sound comes to that stands in the request itself. */
const tokensOfData = 1_500

/** What is reserved for an answer whose request states no limit. */
const openAnswer = 1_024

/** No answer is longer, whatever a request states. */
const longest = 1e9

const tokensOf = (text: string): number =>
  text.startsWith("data:") ? tokensOfData : Math.ceil(Buffer.byteLength(text) / bytesOfToken)

// A request may be as deep as its size allows: no recursion.
const tokensIn = (value: unknown): number => {
  let tokens = 0
  const left: Array<unknown> = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === "string") tokens += tokensOf(next)
    else if (typeof next === "number") tokens += 1
    else if (typeof next === "object" && next !== null) for (const each of Object.values(next)) left.push(each)
  }
  return tokens
}

const count = (value: unknown): number | undefined =>
  typeof value === "number" && value >= 1 ? Math.min(Math.ceil(value), longest) : undefined

/** The tokens of a request. */
export const of = (request: ModelRequest): Estimate => {
  const fields = request as Readonly<Record<string, unknown>>
  const { input, messages, prompt, tools } = fields
  const answers = messages !== undefined || prompt !== undefined
  const most = count(fields["max_completion_tokens"]) ?? count(fields["max_tokens"]) ?? openAnswer
  const several = (count(fields["n"]) ?? 1) * (Array.isArray(prompt) ? Math.max(1, prompt.length) : 1)
  return {
    input: tokensIn([input, messages, prompt, tools, fields["response_format"]]),
    output: answers ? Math.min(most * several, longest) : 0
  }
}

/** What a request may cost at most on its route, or the target whose price is not known in the currency. */
export type Price =
  | { readonly _tag: "Known"; readonly amount: number }
  | { readonly _tag: "Unknown"; readonly target: string }

/** The price of a request at the dearest target of its route. */
export const priceOn = (
  route: RouteConfig,
  providers: ReadonlyArray<ProviderConfig>,
  asked: string,
  { input, output }: Estimate,
  currency: string
): Price => {
  let amount = 0
  for (const target of [...route.targets, ...route.fallback]) {
    const provider = providers.find(({ name }) => name === target.provider)
    const named = target.model ?? asked
    const model = provider === undefined ? named : Provider.modelFor(provider, named)
    const price = provider === undefined ? undefined : PriceTable.priceOf(provider.prices, model)
    if (price?.currency !== currency) return { _tag: "Unknown", target: `${target.provider}/${model}` }
    amount = Math.max(amount, PriceTable.costOf(price, { input, output })?.amount ?? 0)
  }
  return { _tag: "Known", amount }
}
