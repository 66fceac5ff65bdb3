/** Asks a vendor about keys, over the dialect's free endpoint: nothing is billed. */
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import { type KeyCheck, Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Failed, fromError } from "../Failed.ts"
import * as Core from "../internal/Core.ts"
import * as Reasons from "../internal/Reasons.ts"
import type { Style } from "../internal/Style.ts"
import type { Messages } from "../Messages.ts"
import type { VendorAnswer } from "./Answers.ts"
import * as Reading from "./Reading.ts"

/** What a key turned out to be: `unknown` where the vendor could not be asked, or has trouble of its own. */
export type Verdict = "ok" | "bad" | "unknown"

/** What a check says of a key. */
export const verdictOf = ({ failure, ok }: KeyCheck): Verdict => {
  if (ok) return "ok"
  return failure === undefined || Reasons.isInconclusive(failure.reason) ? "unknown" : "bad"
}

/** A check as one line; for a key that is refused with what was read of it. */
export const toLine = (messages: Messages, style: Style, check: KeyCheck, read?: Redacted.Redacted<string>): string => {
  const { failure, key, millis } = check
  const why = failure === undefined ? "" : Reasons.describeProbe(messages, failure.reason)
  const reading = read === undefined ? "" : Reading.describe(messages, Redacted.value(read))
  const detail = failure?.vendor?.message ?? failure?.message ?? ""
  switch (verdictOf(check)) {
    case "ok":
      return `  ${style.green("✓")} ${key}  ${messages.check.ok}  ${style.dim(`${millis} ms`)}`
    case "bad":
      return `  ${style.red("✗")} ${key}  ${[style.red(why), reading, style.dim(detail)].filter((part) => part !== "").join("  ")}`
    case "unknown":
      return `  ${style.yellow("?")} ${key}  ${style.yellow(messages.init.notChecked(why))}  ${style.dim(detail)}`
  }
}

/** Milliseconds that a vendor has to answer. */
const patience = "8s"

/** Checks the keys of one vendor. */
export const check = ({ baseUrl, keys, vendor }: VendorAnswer): Effect.Effect<ReadonlyArray<KeyCheck>, Failed> => {
  const config = UnderstudyConfig.fromOptions(
    {
      version: 1,
      providers: {
        [vendor.name]: {
          type: vendor.name,
          keys: keys.map(Redacted.value),
          keyFailover: { healthCheckTimeout: patience },
          ...(baseUrl === undefined ? {} : { baseUrl })
        }
      },
      routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: vendor.name }] }]
    },
    vendor.label.en
  ).pipe(Effect.mapError(fromError))
  return Effect.flatMap(Understudy, (understudy) => understudy.check).pipe(Effect.provide(Core.layer(config)))
}
