/**
 * A scenario that makes sense: what is written (`ScenarioOptions`) with every default filled in and every name resolved.
 *
 * Plain data, so that a run can be stored with its scenario and repeated from it.
 *
 * **Example** (Qwen overloaded for half a minute)
 *
 * ```ts
 * import { Scenario } from "@understudy/lab"
 *
 * const scenario = Scenario.make({
 *   name: "half-a-minute",
 *   teaches: { en: "An overload passes.", zh: "过载是暂时的。" },
 *   faults: [{ kind: "overload.fast", vendor: "qwen", from: "10s", for: "30s" }],
 *   traffic: { model: "qwen-plus", every: "1s", for: "2m" }
 * })
 * ```
 */
import { readFileSync } from "node:fs"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import type { Environment } from "@understudy/core/config/UnderstudyConfig"
import type { Catalogue } from "@understudy/mocks/Catalogue"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Capability from "./Capability.ts"
import * as Decode from "./Decode.ts"
import type { FindingKind } from "./FindingKind.ts"
import type { ExpectOptions, FaultOptions, KeyOptions, PhaseOptions, ScenarioOptions } from "./Options.ts"
import { ScenarioError } from "./ScenarioError.ts"
import * as Schedule from "./Schedule.ts"
import type { Sentence } from "./Sentence.ts"
import * as Standard from "./Standard.ts"

/** A key; its value never leaves the setting. */
export interface Key extends Omit<KeyOptions, "value" | "account"> {
  readonly name: string
  readonly value: string
  readonly account: string
}

/** A fault with a name that is its own. */
export interface Fault extends FaultOptions {
  readonly name: string
}

/** A named state; `until` is in milliseconds. */
export interface Phase {
  readonly name: string
  readonly until: { readonly after?: number; readonly requests?: number } | undefined
  readonly faults: ReadonlyArray<Fault>
}

/** What a caller says beside one text. */
export interface Dialogue {
  readonly system: string | undefined
  /** Turns that went before, and the words of each of their texts. */
  readonly history: { readonly turns: number; readonly words: number }
  /** Questions in all. */
  readonly turns: number
  /** Milliseconds between an answer and the next question. */
  readonly pause: number
  readonly tools: boolean
  readonly image: boolean
  readonly answer: "text" | "json" | "schema"
}

/** One call of the traffic, or the first of a conversation's. */
export interface PlannedCall {
  readonly id: string
  /** Milliseconds since the start. */
  readonly at: number
  readonly model: string
  readonly stream: boolean
  /** Milliseconds after its beginning at which the caller leaves. */
  readonly leaves: number | undefined
  readonly text: string
  /** Nothing where the text is all that is said. */
  readonly dialogue?: Dialogue
}

/** What is expected; durations in milliseconds. */
export interface Expectation {
  readonly outcome: "answered" | "rejected"
  readonly availability: number
  readonly within: number | undefined
  readonly attemptsPerCall: number
  readonly stallWithin: number
  readonly restoredWithin: number
  readonly allow: ReadonlyArray<FindingKind>
}

export type { PathPlan } from "./Routing.ts"

/** A scenario, complete. */
export interface Scenario {
  readonly name: string
  readonly teaches: Sentence
  readonly seed: number
  /** Which names of models the vendors have. */
  readonly catalogue: Catalogue
  readonly keys: ReadonlyArray<Key>
  /** Milliseconds between two content chunks. */
  readonly pace: number
  /** How answers come, by vendor. */
  readonly links: NonNullable<ScenarioOptions["links"]>
  /** Faults outside of phases. */
  readonly faults: ReadonlyArray<Fault>
  readonly phases: ReadonlyArray<Phase>
  readonly expect: Expectation
  readonly config: UnderstudyOptions
  /** When the last call is made, in milliseconds. */
  readonly length: number
  /** What it was made of: `Traffic.calls` makes the same calls of it again. */
  readonly source: ScenarioOptions
  /** Where it was written, when it came from a file. */
  readonly origin?: Decode.Origin
}

const toKey = ([name, options]: readonly [string, KeyOptions]): Key => ({
  ...options,
  name,
  value: options.value ?? Standard.valueOf(name),
  account: options.account ?? name
})

/** Faults are told apart by name; one without is called after its kind, and numbered from the second on. */
const toFault = (taken: Set<string>): ((options: FaultOptions) => Fault) => {
  const counts = new Map<string, number>()
  const free = (kind: string): string => {
    for (let ordinal = (counts.get(kind) ?? 0) + 1; ; ordinal++) {
      const name = ordinal === 1 ? kind : `${kind}-${ordinal}`
      counts.set(kind, ordinal)
      if (!taken.has(name)) return name
    }
  }
  return (options) => {
    const name = options.name ?? free(options.kind)
    taken.add(name)
    return { ...options, name }
  }
}

const toPhase = ({ faults = [], name, until }: PhaseOptions, named: (options: FaultOptions) => Fault): Phase => ({
  name,
  until:
    until?.after !== undefined
      ? { after: Schedule.millis(until.after) }
      : until?.requests !== undefined
        ? { requests: until.requests }
        : undefined,
  faults: faults.map(named)
})

const toExpectation = (options: ExpectOptions = {}): Expectation => ({
  outcome: options.outcome ?? "answered",
  availability: options.availability ?? 1,
  within: Schedule.millis(options.within),
  attemptsPerCall: options.attemptsPerCall ?? 10,
  stallWithin: Schedule.millis(options.stallWithin ?? "30s"),
  restoredWithin: Schedule.millis(options.restoredWithin ?? "2m"),
  allow: options.allow ?? []
})

/** The catalogue of a scenario that names none. */
const today: Catalogue = "2026"

const complete = ({ options, origin }: Decode.Decoded): Scenario => {
  const keys = options.keys ?? Standard.keys
  const { faults = [], phases = [] } = options
  const named = [...faults, ...phases.flatMap((phase) => phase.faults ?? [])].flatMap(({ name }) => name ?? [])
  const name = toFault(new Set(named))
  return {
    name: options.name,
    teaches: options.teaches,
    seed: options.seed ?? 42,
    catalogue: options.catalogue ?? today,
    keys: Object.entries(keys).map(toKey),
    pace: Schedule.millis(options.pace ?? "20ms"),
    links: options.links ?? {},
    faults: faults.map(name),
    phases: phases.map((phase) => toPhase(phase, name)),
    expect: toExpectation(options.expect),
    config: options.config ?? Standard.config(keys),
    length: Schedule.length(options.traffic),
    source: options,
    ...(origin === undefined ? {} : { origin })
  }
}

/** Checks and completes a scenario. Throws a `ScenarioError` that lists everything that is wrong with it. */
export const make = (options: ScenarioOptions, source = "scenario"): Scenario =>
  complete(Result.getOrThrow(Decode.fromOptions(options, source)))

/**
 * Reads a YAML text that holds one scenario, or several under `scenarios`; `env` fills its variables.
 *
 * **Example** (a scenario as text)
 *
 * ```ts
 * import { Scenario } from "@understudy/lab"
 * import * as Effect from "effect/Effect"
 *
 * const text = `
 * name: two-calls
 * teaches: { en: "All is well.", zh: "一切正常。" }
 * traffic: { model: qwen-plus, every: 1s, for: 2s }
 * `
 * const [scenario] = Effect.runSync(Scenario.fromYaml(text))
 * scenario?.name // => "two-calls"
 * ```
 */
export const fromYaml = (
  text: string,
  options: { readonly source?: string; readonly env?: Environment } = {}
): Effect.Effect<ReadonlyArray<Scenario>, ScenarioError> =>
  Effect.suspend(() =>
    Effect.fromResult(
      Result.map(Decode.fromYaml(text, options.source ?? "scenario.yaml", options.env ?? process.env), (all) =>
        all.map(complete)
      )
    )
  )

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "does not exist: give the path of a scenario's file",
  EISDIR: "is a folder: give the path of a scenario's file in it"
}

/**
 * Reads a file that holds one scenario, or several under `scenarios`.
 *
 * **Example** (a file that is not there)
 *
 * ```ts
 * import { Scenario } from "@understudy/lab"
 * import * as Effect from "effect/Effect"
 *
 * const names = Scenario.load("outage.yaml").pipe(
 *   Effect.map((scenarios) => scenarios.map(({ name }) => name)),
 *   Effect.catchTag("ScenarioError", ({ message }) => Effect.succeed([message]))
 * )
 * ```
 */
export const load = (
  path: string,
  options: { readonly env?: Environment } = {}
): Effect.Effect<ReadonlyArray<Scenario>, ScenarioError> =>
  Effect.try({
    try: () => readFileSync(path, "utf8"),
    catch: (error) => {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
      const message = unreadable[code] ?? `cannot be read (${code})`
      return new ScenarioError({ source: path, issues: [{ path: [], message }] })
    }
  }).pipe(Effect.flatMap((text) => fromYaml(text, { ...options, source: path })))

/**
 * Throws a `ScenarioError` when a scenario asks for a fault that a runner cannot do exactly.
 *
 * **Example** (a scenario that every runner can do)
 *
 * ```ts
 * import { Library, Scenario } from "@understudy/lab"
 *
 * Scenario.check(Library.find("auth.invalid@qwen"), "sockets")
 * ```
 */
export const check = ({ name, origin, source }: Scenario, runner: (typeof Capability.runnerNames)[number]): void => {
  const issues = Capability.issues(source, runner).map((issue) => ({ ...issue, ...Decode.locate(origin, issue.path) }))
  if (issues.length > 0) throw new ScenarioError({ source: origin?.file ?? name, issues })
}
