/**
 * Errors by their tag.
 *
 * A program may have this code twice: the SDK is published with and without its Effect built in, and installs nest. An error of
 * one copy is an error of the other: `instanceof` asks for the tag, not for the class. A subclass of a caller's is told by its
 * class, as anywhere.
 */
import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"

const isInstance = Function.prototype[Symbol.hasInstance]

/** `Data.TaggedError` whose `instanceof` holds for every error with that tag. */
export const TaggedError = <Tag extends string>(tag: Tag): ReturnType<typeof Data.TaggedError<Tag>> => {
  const Base = Data.TaggedError(tag)
  return Object.defineProperty(Base, Symbol.hasInstance, {
    value(this: object, given: unknown): boolean {
      const isOwn = Object.getPrototypeOf(this) === Base
      return isOwn ? given instanceof Error && Predicate.isTagged(given, tag) : isInstance.call(this, given)
    }
  })
}
