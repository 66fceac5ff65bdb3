/**
 * Which scenarios a command line means: files (`mine.yaml`), one of a file that holds several (`mine.yaml#bad-monday`), and
 * names of the library, whole, by their beginning, or with a `*`.
 */
import { existsSync } from "node:fs"
import * as Library from "@understudy/lab/library/Library"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as Suggest from "@understudy/lab/scenario/Suggest"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import type { Messages } from "../Messages.ts"

const isFile = (argument: string): boolean => /\.(ya?ml|json)$/i.test(argument) || existsSync(argument)

const toPattern = (argument: string): RegExp =>
  new RegExp(`^${argument.split("*").map(escape).join(".*")}${argument.includes("*") ? "$" : ""}`)

const escape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&")

const named = (messages: Messages, argument: string): Effect.Effect<ReadonlyArray<Scenario.Scenario>, Failed> => {
  const known = [...Library.all, ...Library.quick]
  const exact = known.filter(({ name }) => name === argument)
  const pattern = toPattern(argument)
  const found = exact.length > 0 ? exact : known.filter(({ name }) => pattern.test(name))
  if (found.length > 0) return Effect.succeed(found)
  const names = known.map(({ name }) => name)
  return Effect.fail(misused(messages.lab.nothingMatches(argument, Suggest.hint(argument, names))))
}

const load = (file: string): Effect.Effect<ReadonlyArray<Scenario.Scenario>, Failed> =>
  Scenario.load(file).pipe(Effect.mapError(({ message }) => misused(message)))

const oneOfFile = Effect.fnUntraced(function* (messages: Messages, file: string, name: string) {
  const scenarios = yield* load(file)
  const found = scenarios.filter((scenario) => scenario.name === name)
  if (found.length > 0) return found
  const names = scenarios.map((scenario) => scenario.name)
  return yield* misused(messages.lab.notInFile(file, name, Suggest.hint(name, names)))
})

/** The scenarios of one argument. */
export const one = (messages: Messages, argument: string): Effect.Effect<ReadonlyArray<Scenario.Scenario>, Failed> => {
  if (isFile(argument)) return load(argument)
  const [, file, name] = /^(.+)#([^#]+)$/.exec(argument) ?? []
  return file !== undefined && name !== undefined && isFile(file)
    ? oneOfFile(messages, file, name)
    : named(messages, argument)
}

/** The argument that means this scenario and no other. */
export const toArgument = ({ name, origin }: Scenario.Scenario): string => {
  if (origin === undefined) return name
  return origin.alone ? origin.file : `${origin.file}#${name}`
}

/** The scenarios of all arguments, each once. */
export const of = (
  messages: Messages,
  args: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Scenario.Scenario>, Failed> =>
  Effect.map(
    Effect.forEach(args, (argument) => one(messages, argument)),
    (found) => [...new Set(found.flat())]
  )
