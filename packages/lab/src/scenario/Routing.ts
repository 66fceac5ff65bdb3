/**
 * Which ways to an answer a configuration offers for a model, as Understudy itself would choose its route.
 */

import { type ProviderOptions, Settings, type UnderstudyOptions } from "@understudy/core/config/Options"
import { Normalise } from "@understudy/core/config/Reading"
import * as Matcher from "@understudy/core/route/Matcher"
import { isVendor, type VendorName } from "@understudy/mocks/VendorList"
import * as Schema from "effect/Schema"

/** A way to an answer that the setting offers for a model. */
export interface PathPlan {
  readonly vendor: VendorName
  readonly model: string
  readonly key: string
}

/** The keys of a provider, as they stand in the configuration of a scenario: by name. */
export const keyNames = ({ keys = [] }: ProviderOptions): ReadonlyArray<string> =>
  keys.map((key) => (typeof key === "string" ? key : key.value))

/** What Understudy makes of a configuration whose shape is right, and what is wrong with its meaning. */
export const read = (options: UnderstudyOptions) => Normalise.normalise(Schema.decodeSync(Settings)(options), "")

const sorted = (options: UnderstudyOptions) => Matcher.sort(read(options).config.routes)

/** What the routes take, in the order in which they are asked: `= qwq-32b`, `qwen-*`. */
export const labels = (options: UnderstudyOptions): ReadonlyArray<string> =>
  sorted(options).map(({ match }) => Matcher.toLabel(match.model))

/** The ways to an answer, in the order in which they are tried; none when no route takes the model. */
export const paths = (options: UnderstudyOptions, model: string): ReadonlyArray<PathPlan> => {
  const route = sorted(options).find(({ match }) => Matcher.mismatch(match, { model }) === undefined)
  return [...(route?.targets ?? []), ...(route?.fallback ?? [])].flatMap((target) => {
    const provider = options.providers[target.provider]
    if (provider === undefined || !isVendor(provider.type)) return []
    const vendor = provider.type
    const name = target.model ?? model
    const alias = provider.aliases?.[name]
    return keyNames(provider).map((key) => ({
      vendor,
      model: typeof alias === "string" ? alias : (alias?.model ?? name),
      key
    }))
  })
}
