/**
 * The scenarios that come with the lab: every row of the degradation catalogue for the vendors that have it, and what bad
 * days are made of.
 *
 * A name says what goes wrong and at whom: `auth.invalid@qwen`.
 *
 * **Example** (everything that is about DeepSeek)
 *
 * ```ts
 * import { Library } from "@understudy/lab"
 *
 * const scenarios = Library.all.filter(({ name }) => name.endsWith("@deepseek"))
 * Library.find("auth.invalid@qwen").name // => "auth.invalid@qwen"
 * Library.quick.length // => 12
 * Library.asIn2025(Library.find("auth.invalid@deepseek")).source.traffic.model // => "deepseek-chat"
 * ```
 */
import * as Predicate from "effect/Predicate"
import * as Scenario from "../scenario/Scenario.ts"
import { ScenarioError } from "../scenario/ScenarioError.ts"
import * as Suggest from "../scenario/Suggest.ts"
import * as Answers from "./Answers.ts"
import * as Connections from "./Connections.ts"
import * as Conversations from "./Conversations.ts"
import * as Credentials from "./Credentials.ts"
import * as Days from "./Days.ts"
import * as Loads from "./Loads.ts"
import * as Quick from "./Quick.ts"
import * as RateLimits from "./RateLimits.ts"
import * as Requests from "./Requests.ts"
import { sides } from "./Sides.ts"

const areas = [Credentials, RateLimits, Answers, Requests, Connections, Conversations, Loads, Days]

/** Every scenario, in the order of the areas: credentials, limits, answers, requests, the network, conversations, load, whole days. */
export const all: ReadonlyArray<Scenario.Scenario> = areas
  .flatMap((area) => area.recipes)
  .flatMap(({ make, name, vendors }) =>
    vendors.map((vendor) => Scenario.make({ name: `${name}@${vendor}`, ...make(sides[vendor]) }, "library"))
  )

/** A dozen of ten to twenty seconds each, for clients in real time; not among `all`, which has them at length. */
export const quick: ReadonlyArray<Scenario.Scenario> = Quick.options.map((options) => Scenario.make(options, "library"))

/** The scenario of that name. Throws a `ScenarioError` that says which was probably meant. */
export const find = (name: string): Scenario.Scenario => {
  const found = [...all, ...quick].find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  const names = [...all, ...quick].map((scenario) => scenario.name)
  const message = `there is no scenario "${name}": ${Suggest.hint(name, names)}`
  throw new ScenarioError({ source: "library", issues: [{ path: [], message }] })
}

const retired: Readonly<Record<string, string>> = {
  "deepseek-flash": "deepseek-chat",
  "deepseek-v4-pro": "deepseek-reasoner"
}

const renamed = (value: unknown): unknown => {
  if (typeof value === "string") return retired[value] ?? value
  if (Array.isArray(value)) return value.map(renamed)
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, renamed(each)]))
}

/** The scenario with DeepSeek's names of models from before 2026-07-24, set up for them. DeepSeek saw no images then. */
export const asIn2025 = ({ config, source }: Scenario.Scenario): Scenario.Scenario =>
  Scenario.make({ ...(renamed({ ...source, config }) as typeof source), catalogue: "2025" }, "library")
