/**
 * Errors by their tag.
 *
 * A program may have this code twice: the SDK is published with and without its Effect built in, and installs nest. An error of
 * one copy is an error of the other: `instanceof` asks for the tag, not for the class.
 */
import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"

/** `Data.TaggedError` whose `instanceof` holds for every error with that tag. */
export const TaggedError = <Tag extends string>(tag: Tag): ReturnType<typeof Data.TaggedError<Tag>> =>
  Object.defineProperty(Data.TaggedError(tag), Symbol.hasInstance, {
    value: (given: unknown) => Predicate.isTagged(given, tag)
  })
