/**
 * A scenario of the library before its vendor is chosen, and the parts that recipes are made of.
 *
 * Unless a recipe says otherwise its traffic is 120 calls over four minutes, every second one a stream, and what goes wrong
 * does so from 0:30 to 1:30, so that the way back is seen.
 */
import * as FaultKind from "@understudy/mocks/FaultKind"
import type { FaultOptions, KeyOptions, ScenarioOptions, TrafficOptions } from "../scenario/Options.ts"
import type { Sentence } from "../scenario/Sentence.ts"
import type { StandardVendor } from "../scenario/Standard.ts"
import * as Standard from "../scenario/Standard.ts"

/** The vendor that a scenario is about, and what it needs to be said of it. */
export interface Side {
  readonly vendor: StandardVendor
  readonly other: StandardVendor
  /** How people write it. */
  readonly label: string
  readonly otherLabel: string
  /** A model for everything, and one that thinks. */
  readonly model: string
  readonly thinker: string
  /** A model that takes images, here and at the other vendor. */
  readonly seer: string
  readonly otherSeer: string
  /** Its keys, each an account of its own. */
  readonly first: string
  readonly second: string
  /** What is to be learnt from how it says that money, tokens or room have run out. */
  readonly lessons: { readonly arrears: Sentence; readonly tokens: Sentence; readonly overload: Sentence }
  /** Its ways of refusing a prompt. */
  readonly inputRefusals: ReadonlyArray<Omit<FaultOptions, "kind">>
  /** Its way of saying that a body cannot be read at all. */
  readonly malformed: Omit<FaultOptions, "kind">
  /** What its thinking model refuses. */
  readonly mismatch: (side: Side) => Draft
}

/** A scenario but for its name. */
export type Draft = Omit<ScenarioOptions, "name">

/** One lesson, for every vendor that can teach it. */
export interface Recipe {
  readonly name: string
  readonly vendors: ReadonlyArray<StandardVendor>
  readonly make: (side: Side) => Draft
}

const teachersOf = (name: string): ReadonlyArray<StandardVendor> => {
  const kind = FaultKind.names.find((known) => known === name)
  return Standard.vendors.filter((vendor) => kind === undefined || FaultKind.catalogue[kind].vendors.includes(vendor))
}

type Sketch = Omit<Draft, "traffic"> & Partial<Pick<Draft, "traffic">>

/** Names a recipe; where that is the kind of a fault, those teach it who have that. Its traffic is `steady` unless told otherwise. */
export const recipe = (name: string, make: (side: Side) => Sketch): Recipe => ({
  name,
  vendors: teachersOf(name),
  make: (side) => ({ traffic: steady(side), ...make(side) })
})

/** What is taught. */
export const lesson = (en: string, zh: string): Sentence => ({ en, zh })

/** A call every two seconds for four minutes. */
export const steady = ({ model }: Side, change: Partial<TrafficOptions> = {}): TrafficOptions => ({
  model,
  stream: 0.5,
  every: "2s",
  for: "4m",
  ...change
})

/** From 0:30 to 1:30. */
export const minute = { from: "30s", for: "1m" } as const

/** The standard keys, some of them changed. */
export const keys = (changes: Readonly<Record<string, Partial<KeyOptions>>>): Readonly<Record<string, KeyOptions>> =>
  Object.fromEntries(Object.entries(Standard.keys).map(([name, key]) => [name, { ...key, ...changes[name] }]))

/** Valid at first, then something else for a while, then valid again. */
export const spell = (state: NonNullable<KeyOptions["state"]>, after: string, lasts: string): Partial<KeyOptions> => ({
  changes: [
    { state, after },
    { state: "valid", after: lasts }
  ]
})

/** When a stream has said some words. */
export const midway = { stream: true, afterThinking: true, afterChunks: 4 } as const

/** Five streams, which have said something when they break, so that nobody can repeat them. */
const lost = [5, 12, 19, 26, 33]

/** What a perfect client reaches when five of 120 answers are lost. */
export const fiveLost = 0.95

type Breaks = (side: Side, kind: FaultOptions["kind"]) => ReadonlyArray<FaultOptions>

/** Breaks five streams after their beginning. */
export const brokenStreams: Breaks = ({ vendor }, kind) => [{ kind, vendor, ...midway, ordinals: lost }]

const broken: Breaks = (side, kind) => [
  ...brokenStreams(side, kind).map((fault) => ({ ...fault, name: "streams" })),
  { kind, vendor: side.vendor, name: "whole answers", stream: false, ordinals: [4, 11, 18, 25] }
]

/** The lesson of a fault that breaks five streams after their beginning, and some whole answers, which can be asked for again. */
export const breaking = (kind: FaultOptions["kind"], en: string, zh: string, breaks = broken): Recipe =>
  recipe(kind, (side) => ({
    teaches: lesson(en, zh),
    faults: breaks(side, kind),
    expect: { availability: fiveLost }
  }))

/** The lesson of a fault that every request of the vendor meets for a minute. */
export const failing = (kind: FaultOptions["kind"], en: string, zh: string, change: Partial<Sketch> = {}): Recipe =>
  recipe(kind, ({ vendor }) => ({ teaches: lesson(en, zh), faults: [{ kind, vendor, ...minute }], ...change }))
