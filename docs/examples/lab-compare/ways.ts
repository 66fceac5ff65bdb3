/** Where a call may go, in the order in which a client that knows several models tries them. */
import type { Setting } from "@understudy/lab/run/Client"

/** One model with one key. */
export interface Way {
  readonly vendor: "qwen" | "deepseek"
  readonly model: string
  readonly baseUrl: string
  readonly key: string
}

type Matched = { readonly exact?: string; readonly prefix?: string }

const fits = ({ exact, prefix }: Matched, model: string): boolean =>
  exact === undefined ? model.startsWith(prefix ?? "") : exact === model

/** The model that is asked for with every key, then the one that the scenario falls back on. */
export const ways = (setting: Setting, model: string): ReadonlyArray<Way> => {
  const route = setting.config.routes.find(({ match }) => fits(match.model as Matched, model))
  return [...(route?.targets ?? []), ...(route?.fallback ?? [])].flatMap(({ model: other = model, provider }) => {
    const vendor = provider === "qwen" ? "qwen" : "deepseek"
    return setting[vendor].keys.map((key) => ({ vendor, model: other, key, baseUrl: setting[vendor].baseUrl }) as const)
  })
}
