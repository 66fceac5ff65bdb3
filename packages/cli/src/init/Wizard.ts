/** The questions of `understudy init`: keys of each vendor, hidden and checked at once, and whether callers need a key. */
import * as Prompt from "effect/cli/Prompt"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Output from "../internal/Output.ts"
import * as Progress from "../internal/Progress.ts"
import type { Style } from "../internal/Style.ts"
import { splitKeys, type Vendor } from "../internal/Vendors.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"
import type { VendorAnswer } from "./Answers.ts"
import * as KeyCheck from "./KeyCheck.ts"
import * as Reading from "./Reading.ts"

/** What every question needs. */
export interface Asking {
  readonly messages: Messages
  readonly style: Style
  readonly language: Language
}

const usable = /^[\x21-\x7e]+$/

const isUsable = (key: string): boolean => usable.test(key) && !/["'`\\#$]/.test(key)

/** Keys as typed, or why they cannot be keys and what was read of the first that cannot. */
export const validate = (messages: Messages, text: string): Effect.Effect<string, string> => {
  const wrong = splitKeys(text).find((key) => !isUsable(key))
  if (wrong === undefined) return Effect.succeed(text)
  return Effect.fail(`${messages.init.notAKey} ${Reading.describe(messages, wrong)}`)
}

/** Asks until what was typed can be keys. Each time the input is empty: what was typed wrong cannot be seen, nor mended. */
const askKeys = Effect.fnUntraced(function* ({ language, messages, style }: Asking, vendor: Vendor) {
  while (true) {
    const typed = Redacted.value(yield* Prompt.Hidden({ message: messages.init.keysOf(vendor.label[language]) }))
    const wrong = yield* Effect.match(validate(messages, typed), {
      onFailure: (why) => why,
      onSuccess: () => undefined
    })
    if (wrong === undefined) return splitKeys(typed).map((key) => Redacted.make(key))
    yield* Output.print(`  ${style.red("✗")} ${wrong}`)
  }
})

const askWhatNext = ({ messages }: Asking, verdicts: ReadonlyArray<KeyCheck.Verdict>) =>
  Prompt.Select({
    message: verdicts.includes("bad") ? messages.init.someBad : messages.init.someUnknown,
    choices: [
      ...(verdicts.includes("ok") && verdicts.some((verdict) => verdict === "bad")
        ? [{ title: messages.init.dropBad, value: "drop" as const }]
        : []),
      { title: messages.init.enterAgain, value: "again" as const },
      { title: messages.init.checkAgain, value: "check" as const },
      { title: messages.init.keep, value: "keep" as const }
    ]
  })

/** Shows what the vendor says of each key. */
export const checkKeys = Effect.fnUntraced(function* (asking: Asking, answer: VendorAnswer) {
  const { language, messages, style } = asking
  const text = messages.init.checking(answer.keys.length, answer.vendor.label[language])
  const checks = yield* Progress.during(text, KeyCheck.check(answer))
  yield* Output.print(...checks.map((check, index) => KeyCheck.toLine(messages, style, check, answer.keys[index])))
  return checks.map((check) => KeyCheck.verdictOf(check))
})

/** Asks for a vendor's keys, where none are given, until they are well, kept as they are, or skipped. */
export const askVendor = Effect.fnUntraced(function* (asking: Asking, given: VendorAnswer) {
  const { baseUrl, vendor } = given
  const { language, messages, style } = asking
  yield* Output.print("", `${style.bold(vendor.label[language])}  ${style.dim(vendor.console)}`)
  let keys = given.keys.length > 0 ? given.keys : yield* askKeys(asking, vendor)
  while (keys.length > 0) {
    const verdicts = yield* checkKeys(asking, { vendor, keys, baseUrl })
    if (verdicts.every((verdict) => verdict === "ok")) break
    const next = yield* askWhatNext(asking, verdicts)
    if (next === "keep") break
    if (next === "drop") {
      keys = keys.filter((_, index) => verdicts[index] !== "bad")
      break
    }
    if (next === "again") keys = yield* askKeys(asking, vendor)
  }
  if (keys.length === 0) yield* Output.print(style.dim(`  ${messages.init.skipped}`))
  return keys
})

const confirm = ({ messages }: Asking, message: string) =>
  Prompt.Confirm({ message, initial: false, label: { confirm: messages.init.yes, deny: messages.init.no } })

/** Asks whether callers of the gateway must send a key. A question of one line is drawn anew without leaving a part of itself. */
export const askConsumer = Effect.fnUntraced(function* (asking: Asking) {
  const { messages, style } = asking
  yield* Output.print(style.dim(messages.init.protectHint))
  return yield* confirm(asking, messages.init.protect)
})

/** Asks whether files that exist may be overwritten. */
export const askOverwrite = (asking: Asking, what: ReadonlyArray<string>) =>
  confirm(asking, asking.messages.init.overwrite(what.join(asking.messages.common.and)))
