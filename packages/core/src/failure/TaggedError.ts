/**
 * Errors by their tag, that show what they are: printed by Node (`console.error`, an unhandled rejection) with class, message,
 * stack and fields, as JSON with their message.
 *
 * A program may have this code twice: the SDK is published with and without its Effect built in, and installs nest. An error of
 * one copy is an error of the other: `instanceof` asks for the tag, not for the class. A subclass of a caller's is told by its
 * class, as anywhere.
 */
import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"

const isInstance = Function.prototype[Symbol.hasInstance]

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null

const unsaid: ReadonlySet<string> = new Set(["_tag", "cause", "message", "name", "stack"])

/** What an error has beside its message, but for what is empty. */
const fieldsOf = (error: Error): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(error).filter(
      ([name, value]) => !unsaid.has(name) && value !== undefined && !(Array.isArray(value) && value.length === 0)
    )
  )

/** JSON makes `{}` of an error: one in a field, or in a field's field, is told by its words. */
const toPlain = (value: unknown, depth = 0): unknown => {
  if (value instanceof Error) return String(value)
  if (!isObject(value) || Array.isArray(value) || depth > 1) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toPlain(field, depth + 1)]))
}

interface InspectOptions {
  readonly depth?: number | null | undefined
}

/** How Node prints an error of these: as it prints any other, whatever the class that it comes from does. */
function inspect(
  this: Error,
  depth: number | null,
  options: InspectOptions,
  print: (value: unknown, options: InspectOptions) => string
): string {
  if (depth !== null && depth < 0) return `[${this.name}: ${this.message}]`
  const shown = fieldsOf(this)
  if (this.cause !== undefined) shown["[cause]"] = this.cause
  // Where the stack was not kept, the words are.
  const stack = this.stack?.includes(this.message) === true ? this.stack : String(this)
  return Object.keys(shown).length === 0 ? stack : `${stack} ${print(shown, { ...options, depth })}`
}

function toJSON(this: Error): unknown {
  const { cause } = this
  return {
    ...(toPlain({ ...this }) as Fields),
    message: this.message,
    ...(cause === undefined ? {} : { cause: toPlain(cause) })
  }
}

const printed = {
  [Symbol.for("nodejs.util.inspect.custom")]: { configurable: true, value: inspect, writable: true },
  toJSON: { configurable: true, value: toJSON, writable: true }
}

/** `Data.TaggedError` whose `instanceof` holds for every error with that tag. */
export const TaggedError = <Tag extends string>(tag: Tag): ReturnType<typeof Data.TaggedError<Tag>> => {
  const Base = Data.TaggedError(tag)
  Object.defineProperties(Base.prototype, printed)
  return Object.defineProperty(Base, Symbol.hasInstance, {
    value(this: object, given: unknown): boolean {
      const isOwn = Object.getPrototypeOf(this) === Base
      return isOwn ? given instanceof Error && Predicate.isTagged(given, tag) : isInstance.call(this, given)
    }
  })
}
