/**
 * The options that one vendor has and the others have not: how they are spelled, and what they may be.
 *
 * All of them go into the request, whoever is asked for: the core leaves out of each attempt what its vendor does not know
 * (`Dialect.switches`), so that a call may have the switches of every vendor that could answer it.
 */
import type { Switch } from "@understudy/core/provider/Dialect"
import { type Vendor, vendors } from "@understudy/core/provider/Vendors"
import * as Predicate from "effect/Predicate"
import type { VendorOptions } from "../../ChatOptions.ts"

/** The switches of the vendors that have any. */
const table: Readonly<Record<string, Readonly<Record<string, Switch>>>> = Object.fromEntries(
  Object.entries<Vendor>(vendors).flatMap(([name, { dialect }]) =>
    dialect.switches === undefined ? [] : [[name, dialect.switches]]
  )
)

/** The fields of the request. */
export const toWire = (vendor: VendorOptions): Readonly<Record<string, unknown>> => {
  const request: Record<string, unknown> = {}
  for (const [name, options] of Object.entries(vendor)) {
    for (const [option, value] of Object.entries(options ?? {})) {
      const field = table[name]?.[option]
      if (field !== undefined) request[field.name] = field.spell?.(value) ?? value
    }
  }
  return request
}

/** An option that makes no sense. */
export interface Flaw {
  readonly at: string
  readonly got: unknown
  readonly allowed: string
}

const oneOf = (names: object): string => `one of ${Object.keys(names).join(", ")}`

/** What is wrong with vendors' options, or undefined. */
export const flawOf = (vendor: Readonly<Record<string, unknown>>): Flaw | undefined => {
  for (const [name, options] of Object.entries(vendor)) {
    const known = Object.hasOwn(table, name) ? table[name] : undefined
    if (known === undefined) return { at: name, got: options, allowed: oneOf(table) }
    if (!Predicate.isObject(options)) return { at: name, got: options, allowed: "an object" }
    for (const [option, value] of Object.entries(options)) {
      const field = Object.hasOwn(known, option) ? known[option] : undefined
      if (field?.accepts(value) === true) continue
      return { at: `${name}.${option}`, got: value, allowed: field?.allowed ?? oneOf(known) }
    }
  }
  return undefined
}
