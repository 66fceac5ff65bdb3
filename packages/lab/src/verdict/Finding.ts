/**
 * One thing that is held against a client.
 *
 * **Example** (is this a finding?)
 *
 * ```ts
 * import { Client, Finding, Lab } from "@understudy/lab"
 * import * as Schema from "effect/Schema"
 *
 * const client = Client.make("gives up", () => () => Promise.reject(new Error("no")))
 * const { verdict } = await Lab.run("refuse@qwen", { client })
 * verdict.findings.every(Schema.is(Finding.Finding)) // => true
 * ```
 *
 * @see FindingKind for what it can be
 */
import * as Schema from "effect/Schema"
import { findingKinds, severities } from "../scenario/FindingKind.ts"
import { Sentence } from "../scenario/Sentence.ts"

/** One thing that is held against a client. Fields are written in this order. */
export const Finding = Schema.Struct({
  kind: Schema.Literals(findingKinds),
  severity: Schema.Literals(severities),
  /** What happened, with the numbers. */
  message: Sentence,
  /** The calls that it is about, by id. */
  calls: Schema.Array(Schema.String),
  /** The attempts that show it, by ordinal. */
  attempts: Schema.Array(Schema.Finite)
})

/** One thing that is held against a client. */
export type Finding = typeof Finding.Type
