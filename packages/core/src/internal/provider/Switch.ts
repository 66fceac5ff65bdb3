/** Kinds of fields that vendors have beyond the ones common to all. */
import * as Predicate from "effect/Predicate"
import type { Switch } from "../../provider/Dialect.ts"

/** True or false. */
export const flag = (name: string): Switch => ({ name, allowed: "true or false", accepts: Predicate.isBoolean })

/** A number of tokens, or of anything else. */
export const count = (name: string): Switch => ({
  name,
  allowed: "an integer >= 1",
  accepts: (value) => Number.isInteger(value) && (value as number) >= 1
})

/** An object that goes out as it is. */
export const bag = (name: string): Switch => ({ name, allowed: "an object", accepts: Predicate.isObject })

/** `thinking: { type }`, as several vendors switch it. */
export const thinking: Switch = {
  name: "thinking",
  allowed: '"enabled" or "disabled"',
  accepts: (value) => value === "enabled" || value === "disabled",
  spell: (type) => ({ type })
}
