/**
 * A scenario of the library before its vendor is chosen, and the parts that recipes are made of.
 *
 * Unless a recipe says otherwise its traffic is 120 calls over four minutes, every second one a stream, and what goes wrong
 * does so from 0:30 to 1:30, so that the way back is seen.
 */
import type { VendorName } from "@understudy/mocks/Journal"
import type { FaultOptions, KeyOptions, ScenarioOptions, TrafficOptions } from "../scenario/Options.ts"
import * as Standard from "../scenario/Standard.ts"
import type { Sentence } from "../verdict/Finding.ts"

/** The vendor that a scenario is about, and what it needs to be said of it. */
export interface Side {
  readonly vendor: VendorName
  readonly other: VendorName
  /** How people write it. */
  readonly label: string
  readonly otherLabel: string
  /** A model for everything, and one that thinks. */
  readonly model: string
  readonly thinker: string
  /** Its keys, each an account of its own. */
  readonly first: string
  readonly second: string
}

/** A scenario but for its name. */
export type Draft = Omit<ScenarioOptions, "name">

/** One lesson, for every vendor that can teach it. */
export interface Recipe {
  readonly name: string
  readonly vendors: ReadonlyArray<VendorName>
  readonly make: (side: Side) => Draft
}

/** The sides of both vendors. */
export const sides: Readonly<Record<VendorName, Side>> = {
  qwen: {
    vendor: "qwen",
    other: "deepseek",
    label: "Qwen",
    otherLabel: "DeepSeek",
    model: "qwen-plus",
    thinker: "qwq-32b",
    first: "qwen-1",
    second: "qwen-2"
  },
  deepseek: {
    vendor: "deepseek",
    other: "qwen",
    label: "DeepSeek",
    otherLabel: "Qwen",
    model: "deepseek-chat",
    thinker: "deepseek-reasoner",
    first: "deepseek-1",
    second: "deepseek-2"
  }
}

/** Names a recipe; both vendors unless told otherwise. */
export const recipe = (name: string, make: Recipe["make"], vendors = Standard.vendors): Recipe => ({
  name,
  vendors,
  make
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

/** Five streams, which have said something when they break, so that nobody can repeat them. */
const lost = [5, 12, 19, 26, 33]

/** What a perfect client reaches when five of 120 answers are lost. */
export const fiveLost = 0.95

/** Breaks five streams after their beginning, and some whole answers, which can be asked for again. */
export const broken = ({ vendor }: Side, fault: Pick<FaultOptions, "kind">): ReadonlyArray<FaultOptions> => [
  { ...fault, vendor, name: "streams", stream: true, afterChunks: 4, ordinals: lost },
  { ...fault, vendor, name: "whole answers", stream: false, ordinals: [4, 11, 18, 25] }
]

/** Five streams alone. */
export const brokenStreams = ({ vendor }: Side, fault: Pick<FaultOptions, "kind">): ReadonlyArray<FaultOptions> => [
  { ...fault, vendor, stream: true, afterChunks: 4, ordinals: lost }
]
