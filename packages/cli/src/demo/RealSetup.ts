/** The demonstrations' setup against the real vendors, from the keys in the environment. */
import type { ProviderOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import type { Aliases } from "@understudy/core/provider/Dialect"
import { type Environment, valueOf } from "../internal/Environment.ts"
import { routesFor, type Vendor } from "../internal/Vendors.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"
import * as Setup from "./Setup.ts"

/** A setup, and what is to be said about it. */
export interface RealSetup {
  readonly options: UnderstudyOptions
  readonly vendors: Setup.Presence
  readonly notes: ReadonlyArray<string>
}

/** Aliases as a configuration writes them. */
export const toAliases = (retired: Aliases): NonNullable<ProviderOptions["aliases"]> =>
  Object.fromEntries(
    Object.entries(retired).map(([name, { extraBody, model }]) => [
      name,
      extraBody === undefined ? { model } : { model, extraBody }
    ])
  )

const toProvider = (vendor: Vendor, keys: string, env: Environment): ProviderOptions => {
  const baseUrl = valueOf(env, vendor.urlVariable)
  const aliases = toAliases(vendor.retired)
  return {
    type: vendor.name,
    keys: [keys],
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(Object.keys(aliases).length === 0 ? {} : { aliases })
  }
}

/** The setup where at least one vendor's key is set; undefined where none is. */
export const fromEnvironment = (messages: Messages, language: Language, env: Environment): RealSetup | undefined => {
  const given = Setup.demonstrated.flatMap((vendor) => {
    const keys = valueOf(env, vendor.variable)
    return keys === undefined ? [] : [{ vendor, keys }]
  })
  if (given.length === 0) return undefined
  const has = (name: Vendor["name"]): boolean => given.some(({ vendor }) => vendor.name === name)
  const presence = { deepseek: has("deepseek"), qwen: has("qwen") }
  const retired = given.flatMap(({ vendor }) => Object.keys(vendor.retired))
  return {
    options: {
      version: 1,
      providers: Object.fromEntries(given.map(({ keys, vendor }) => [vendor.name, toProvider(vendor, keys, env)])),
      routes: routesFor(given.map(({ vendor }) => vendor))
    },
    vendors: presence,
    notes: [
      ...Setup.demonstrated
        .filter(({ name }) => !has(name))
        .map(({ label, variable }) => messages.demo.missing(label[language], variable)),
      ...(retired.length === 0 ? [] : [messages.demo.realTrail(retired.join(messages.common.and))])
    ]
  }
}
