/**
 * Which requests a route takes: by model name (exact, prefix or regular expression), and optionally by headers and by
 * consumer on top.
 */

/** How a model name is compared. */
export type ModelMatch =
  | { readonly _tag: "Exact"; readonly value: string }
  | { readonly _tag: "Prefix"; readonly value: string }
  | { readonly _tag: "Regex"; readonly value: RegExp }

/** A route's condition. */
export interface Matcher {
  readonly model: ModelMatch
  /** Header values that must be equal; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Consumers that may take the route; empty takes everybody. */
  readonly consumers: ReadonlyArray<string>
}

/** What a route is chosen by. */
export interface Subject {
  readonly model: string
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
  readonly consumer?: string | undefined
}

/** True when the model name fits. */
export const fitsModel = (match: ModelMatch, model: string): boolean => {
  switch (match._tag) {
    case "Exact":
      return model === match.value
    case "Prefix":
      return model.startsWith(match.value)
    case "Regex":
      return match.value.test(model)
  }
}

/** Which condition a request does not meet: data, so that each reader is told in its own language. */
export type Mismatch =
  | { readonly _tag: "OtherModel"; readonly model: ModelMatch }
  | { readonly _tag: "OtherHeader"; readonly name: string; readonly value: string }
  | { readonly _tag: "OtherConsumer"; readonly consumers: ReadonlyArray<string> }

/** The first condition that the subject does not meet; undefined when it meets all. */
export const mismatch = (matcher: Matcher, subject: Subject): Mismatch | undefined => {
  if (!fitsModel(matcher.model, subject.model)) return { _tag: "OtherModel", model: matcher.model }
  for (const name in matcher.headers) {
    const value = matcher.headers[name] ?? ""
    if (subject.headers?.[name] !== value) return { _tag: "OtherHeader", name, value }
  }
  if (matcher.consumers.length > 0 && !matcher.consumers.includes(subject.consumer ?? "")) {
    return { _tag: "OtherConsumer", consumers: matcher.consumers }
  }
  return undefined
}

/** The condition on the model as a person reads it: `= qwq-32b`, `qwen*`, `/^gpt/`. */
export const toLabel = (match: ModelMatch): string => {
  switch (match._tag) {
    case "Exact":
      return `= ${match.value}`
    case "Prefix":
      return `${match.value}*`
    case "Regex":
      return String(match.value)
  }
}

const ranks = { Exact: 0, Prefix: 1, Regex: 2 } as const

/** Orders by how specific the condition is: exact, then prefixes from long to short, then regular expressions. */
const bySpecificity = (a: Matcher, b: Matcher): number => {
  const rank = ranks[a.model._tag] - ranks[b.model._tag]
  if (rank !== 0) return rank
  return a.model._tag === "Prefix" && b.model._tag === "Prefix" ? b.model.value.length - a.model.value.length : 0
}

/** Something that is found by its condition. */
interface Matched {
  readonly match: Matcher
}

/** Routes in the order in which they are asked; the configuration's breaks ties. */
export const sort = <R extends Matched>(routes: ReadonlyArray<R>): ReadonlyArray<R> =>
  routes.toSorted((a, b) => bySpecificity(a.match, b.match))

/** The first of the routes that takes the subject. */
export const find = <R extends Matched>(routes: ReadonlyArray<R>, subject: Subject): R | undefined => {
  for (const route of routes) if (mismatch(route.match, subject) === undefined) return route
  return undefined
}
