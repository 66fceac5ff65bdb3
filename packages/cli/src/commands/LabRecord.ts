/** `understudy lab record`: a proxy to the real vendors that writes what they answer into a cassette. */
import * as Cassette from "@understudy/lab/record/Cassette"
import * as Recorder from "@understudy/lab/record/Recorder"
import * as RuleAsker from "@understudy/lab/record/RuleAsker"
import { baseUrls, labels, names, type VendorName } from "@understudy/mocks/VendorList"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Setup from "../demo/Setup.ts"
import { type Failed, failed, misused } from "../Failed.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import * as Mock from "../internal/Mock.ts"
import * as Output from "../internal/Output.ts"
import { Stop } from "../internal/Stop.ts"
import * as Style from "../internal/Style.ts"
import * as Summary from "../internal/Summary.ts"
import { pad } from "../internal/Table.ts"
import { vendors } from "../internal/Vendors.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input {
  readonly port: number
  /** Other base URLs than the vendors' own. */
  readonly upstreams: Partial<Record<VendorName, string>>
  readonly out: string
  /** Asks the table of rules, and ends. */
  readonly rules: boolean
  readonly keepText: boolean
  readonly keepPrompts: boolean
}

const created = ({ labRecord }: Messages, { out }: Input): Effect.Effect<Cassette.Writer, Failed, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => Cassette.create(out),
      catch: (error) => {
        const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
        return failed(code === "EEXIST" ? labRecord.exists(out) : labRecord.cannotWrite(out, code))
      }
    }),
    (writer) => Effect.sync(writer.close)
  )

/** The line of one exchange. */
export const line = (messages: Messages, style: Style.Style, exchange: Cassette.Exchange): string => {
  const { brokenOff, recording, waited } = exchange
  const { end, frames, model, status, stream, vendor } = recording
  const millis = frames.reduce((sum, { after }) => sum + after, waited)
  const { brokenOff: left, ends, frames: toFrames } = messages.labRecord
  return [
    status < 400 ? style.green(String(status)) : style.red(String(status)),
    `${millis} ms`.padStart(9),
    pad(`${vendor} ${model.replace(/\p{Cc}/gu, "?")}${stream ? " stream" : ""}`, 32),
    toFrames(frames.length),
    brokenOff === true ? style.yellow(left) : end === "complete" ? "" : style.red(ends(end))
  ]
    .join("  ")
    .trimEnd()
}

const summary = (messages: Messages, style: Style.Style, input: Input, recorder: Recorder.Recorder) => {
  const { labRecord, serve } = messages
  const { keepPrompts, keepText, out, upstreams } = input
  return [
    ...Summary.page(style, labRecord.record, [
      ...names.map((name): readonly [string, ReadonlyArray<string>] => {
        const line = `${style.cyan(recorder.urls[name])}  → ${upstreams[name] ?? baseUrls[name]}`
        return [serve.baseUrl(labels[name]), [line]]
      }),
      [labRecord.file, [out]],
      [labRecord.kept, [labRecord.secrets, keepText ? labRecord.withText : labRecord.withoutText]],
      ["", [keepPrompts ? labRecord.withPrompts : labRecord.withoutPrompts]]
    ]),
    labRecord.howTo,
    `  UNDERSTUDY_API_KEY=sk-… ${CalledAs.here()} chat --base-url ${recorder.urls[Setup.example]} --model qwen-plus "你是谁？"`,
    "",
    style.dim(serve.ctrlC)
  ]
}

type Keys = Readonly<Partial<Record<VendorName, string>>>

/** The first key of each vendor that has one in the environment. */
const keysIn = (env: NodeJS.ProcessEnv): Keys =>
  Object.fromEntries(
    vendors.flatMap(({ name, variable }) => {
      const key = env[variable]?.split(",")[0]?.trim()
      return key === undefined || key === "" ? [] : [[name, key] as const]
    })
  )

const asked = Effect.fnUntraced(function* (messages: Messages, recorder: Recorder.Recorder, keys: Keys) {
  const asked = names.filter((name) => keys[name] !== undefined)
  yield* Output.print("", messages.labRecord.asking(asked.map((name) => labels[name])))
  yield* Effect.promise((signal) => RuleAsker.askAll({ recorder, keys, signal }))
})

const recorded = Effect.fnUntraced(function* (messages: Messages, input: Input) {
  const { keepPrompts, keepText, port, rules, upstreams } = input
  const keys = rules ? keysIn(process.env) : undefined
  if (keys !== undefined && Object.keys(keys).length === 0) {
    return yield* misused(messages.labRecord.noKeys(vendors.map(({ variable }) => variable)))
  }
  const style = Style.forStream(process.stdout)
  const write = (text: string): void => void process.stdout.write(`${text}\n`)
  const writer = yield* created(messages, input)
  yield* Effect.scoped(
    Effect.gen(function* () {
      const refusal = { host: "127.0.0.1", port, command: `${CalledAs.here()} lab record --port` }
      const recorder = yield* Mock.listenAt(messages, refusal, () =>
        Recorder.listen({
          port,
          keepText,
          keepPrompts,
          upstreams,
          onRecorded: (exchange) => {
            const added = Result.try(() => writer.add(exchange))
            write(
              Result.isSuccess(added)
                ? line(messages, style, exchange)
                : style.red(messages.labRecord.cannotWrite(input.out, String(added.failure)))
            )
          },
          onSkipped: (why) => write(style.yellow(messages.labRecord.skipped(why)))
        })
      )
      const stop = yield* Stop
      if (keys !== undefined) return yield* Effect.raceFirst(asked(messages, recorder, keys), stop)
      yield* Output.print(...summary(messages, style, input, recorder))
      yield* stop
    })
  )
  const count = writer.count()
  const { nothing, written } = messages.labRecord
  yield* Output.print("", count === 0 ? nothing : written(count, input.out, CalledAs.here()))
})

/** Records until Ctrl-C. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> =>
  Effect.scoped(recorded(messages, input))
