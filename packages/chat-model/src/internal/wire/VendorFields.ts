/**
 * The options that one vendor has and the others have not: how they are spelled, and what they may be.
 *
 * All of them go into the request, whoever is asked for: the core leaves out of each attempt what its vendor does not know
 * (`Dialect.foreign`), so that a call may have the switches of every vendor that could answer it.
 */
import * as Predicate from "effect/Predicate"
import type { VendorOptions } from "../../ChatOptions.ts"

interface Field {
  readonly name: string
  readonly allowed: string
  readonly accepts: (value: unknown) => boolean
  readonly spell?: (value: unknown) => unknown
}

const flag = { allowed: "true or false", accepts: Predicate.isBoolean }

/** A row for every option. */
const fields: {
  readonly [Vendor in keyof Required<VendorOptions>]: {
    readonly [Option in keyof Required<NonNullable<VendorOptions[Vendor]>>]: Field
  }
} = {
  deepseek: {
    thinking: {
      name: "thinking",
      allowed: '"enabled" or "disabled"',
      accepts: (value) => value === "enabled" || value === "disabled",
      spell: (type) => ({ type })
    }
  },
  qwen: {
    enableThinking: { name: "enable_thinking", ...flag },
    thinkingBudget: {
      name: "thinking_budget",
      allowed: "an integer >= 1",
      accepts: (value) => Number.isInteger(value) && (value as number) >= 1
    },
    enableSearch: { name: "enable_search", ...flag },
    searchOptions: { name: "search_options", allowed: "an object", accepts: Predicate.isObject }
  }
}

const table: Readonly<Record<string, Readonly<Record<string, Field>>>> = fields

/** The fields of the request. */
export const toWire = (vendor: VendorOptions): Readonly<Record<string, unknown>> => {
  const request: Record<string, unknown> = {}
  for (const [name, options] of Object.entries(vendor)) {
    for (const [option, value] of Object.entries(options)) {
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
