/** `understudy init`: writes `understudy.yaml` and `.env`, asking for keys and checking each; or from flags, for scripts. */
import { randomUUID } from "node:crypto"
import { existsSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import type { Environment as PromptEnvironment } from "effect/cli/Prompt"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Failed, failed, misused } from "../Failed.ts"
import type { Answers, VendorAnswer } from "../init/Answers.ts"
import * as Files from "../init/Files.ts"
import * as Wizard from "../init/Wizard.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import { valueOf } from "../internal/Environment.ts"
import * as Output from "../internal/Output.ts"
import * as Style from "../internal/Style.ts"
import { splitKeys, type Vendor, vendors } from "../internal/Vendors.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"
import * as Schema from "./Schema.ts"

/** What the command line says. */
export interface Input {
  readonly language: Language
  readonly yes: boolean
  readonly force: boolean
  readonly withConsumer: boolean
  readonly dir: string
  /** By the vendors' names. */
  readonly keys: Readonly<Record<string, Redacted.Redacted<string> | undefined>>
  readonly baseUrls: Readonly<Record<string, string | undefined>>
}

/** Keys from the flag, else from the environment. */
const givenKeys = ({ keys }: Input, { name, variable }: Vendor): ReadonlyArray<Redacted.Redacted<string>> => {
  const flag = keys[name]
  const text = flag === undefined ? valueOf(process.env, variable) : Redacted.value(flag)
  return splitKeys(text ?? "").map((key) => Redacted.make(key))
}

const vendorAnswer = Effect.fnUntraced(function* (asking: Wizard.Asking, input: Input, vendor: Vendor) {
  const baseUrl = input.baseUrls[vendor.name] ?? valueOf(process.env, vendor.urlVariable)
  const given: VendorAnswer = { vendor, keys: givenKeys(input, vendor), baseUrl }
  for (const key of given.keys) {
    yield* Effect.mapError(Wizard.validate(asking.messages, Redacted.value(key)), (message) =>
      misused(`${vendor.label[asking.language]}: ${message}`)
    )
  }
  if (!input.yes) return { ...given, keys: yield* Wizard.askVendor(asking, given) }
  // A script is told what the vendor says; `understudy check` is what fails.
  if (given.keys.length > 0) yield* Wizard.checkKeys(asking, given)
  return given
})

const collect = Effect.fnUntraced(function* (asking: Wizard.Asking, input: Input) {
  const answers: Array<VendorAnswer> = []
  for (const vendor of vendors) {
    const answer = yield* vendorAnswer(asking, input, vendor)
    if (answer.keys.length > 0) answers.push(answer)
  }
  if (!input.yes) yield* Output.print("")
  const protect = input.withConsumer || (!input.yes && (yield* Wizard.askConsumer(asking)))
  const consumerKey = protect ? Redacted.make(randomUUID()) : undefined
  return { vendors: answers, consumerKey } satisfies Answers
})

/** Nothing is overwritten unless somebody said so. */
const allow = Effect.fnUntraced(function* (asking: Wizard.Asking, input: Input, overwritten: ReadonlyArray<string>) {
  if (overwritten.length === 0 || input.force) return
  const { messages } = asking
  const what = overwritten.join(messages.common.and)
  if (input.yes) return yield* failed(messages.init.exists(what))
  if (!(yield* Wizard.askOverwrite(asking, overwritten))) return yield* failed(messages.init.leftAlone)
})

const shorter = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short.length < path.length ? short : path
}

const nextSteps = (asking: Wizard.Asking, folder: string, answers: Answers): ReadonlyArray<string> => {
  const { messages, style } = asking
  const { init } = messages
  const understudy = CalledAs.here()
  // The shell stays where it is: the sources can be run from here only.
  const config = folder === process.cwd() ? "" : ` --config ${shorter(join(folder, Files.configFile))}`
  const step = (command: string, about: string) => [style.dim(`  # ${about}`), `  ${understudy} ${command}`]
  const serve = step(`serve${config}`, init.thenServe)
  if (answers.vendors.length > 0) return [...step(`check${config}`, init.thenCheck), ...serve]
  const consoles = vendors.map(({ console }) => console).join("  ")
  return [`  ${init.noKeys}`, ...step("mock serve", init.thenMock), ...serve, `  ${init.keysLater(consoles)}`]
}

const report = (asking: Wizard.Asking, folder: string, answers: Answers, files: ReadonlyArray<Files.File>) => {
  const { messages, style } = asking
  return [
    "",
    style.bold(messages.init.written),
    ...files.map(({ path }) => `  ${path}`),
    ...(answers.consumerKey === undefined ? [] : [messages.init.consumerIn(join(folder, ".env"))]),
    "",
    style.bold(messages.init.next),
    ...nextSteps(asking, folder, answers)
  ]
}

const interactive = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true

/** Asks, checks and writes. */
export const run = Effect.fnUntraced(
  function* (messages: Messages, input: Input) {
    if (!input.yes && !interactive())
      return yield* misused(
        messages.init.needsTerminal(
          CalledAs.here(),
          vendors.map(({ variable }) => variable)
        )
      )
    const style = Style.forStream(process.stdout)
    const asking = { messages, style, language: input.language }
    const folder = resolve(input.dir)
    if (!input.yes) yield* Output.print(style.bold(messages.init.welcome), messages.init.howto)
    const config = join(folder, Files.configFile)
    // Asked first: nobody should type keys in vain.
    if (existsSync(config)) yield* allow(asking, input, [config])
    const answers = yield* collect(asking, input)
    const plan = Files.plan(messages, input.language, folder, answers, Schema.text())
    yield* allow(
      asking,
      input,
      plan.overwritten.filter((what) => what !== config)
    )
    yield* Files.write(messages, folder, plan.files)
    yield* Output.print(...report(asking, folder, answers, plan.files))
  },
  (effect, messages): Effect.Effect<void, Failed, PromptEnvironment> =>
    Effect.catchTag(effect, "QuitError", () =>
      Effect.fail(new Failed({ message: messages.init.nothingWritten, exitCode: 130 }))
    )
)
