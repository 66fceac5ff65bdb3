/** The `lab` commands about real vendors and their flags: `record` and `drift`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { getOrUndefined } from "effect/Option"
import * as Flags from "../internal/Flags.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"

const text = (name: string, description: string) => Flag.String(name).pipe(Flag.withDescription(description))

/** `lab record` */
export const record = (messages: Messages) => {
  const { help, labRecord } = messages
  return Command.make(
    "record",
    {
      port: Flags.port(help, 9191),
      deepseek: text("deepseek", labRecord.deepseek).pipe(Flag.optional),
      qwen: text("qwen", labRecord.qwen).pipe(Flag.optional),
      out: text("out", labRecord.out).pipe(Flag.withDefault("cassette.json")),
      keepText: Flags.toggle("keep-text", labRecord.keepText),
      keepPrompts: Flags.toggle("keep-prompts", labRecord.keepPrompts)
    },
    Effect.fnUntraced(function* (input) {
      const LabRecord = yield* Effect.promise(() => import("../commands/LabRecord.ts"))
      yield* LabRecord.run(messages, {
        ...input,
        deepseek: getOrUndefined(input.deepseek),
        qwen: getOrUndefined(input.qwen)
      })
    })
  ).pipe(
    Command.withDescription(labRecord.record),
    Command.withExamples([{ command: "understudy lab record --out today.json", description: labRecord.example }])
  )
}

/** `lab drift` */
export const drift = (language: Language, messages: Messages) => {
  const { help, labRecord } = messages
  return Command.make(
    "drift",
    {
      file: Argument.String("file").pipe(Argument.withDescription(labRecord.cassette)),
      json: Flags.toggle("json", help.json)
    },
    Effect.fnUntraced(function* (input) {
      const LabDrift = yield* Effect.promise(() => import("../commands/LabDrift.ts"))
      yield* LabDrift.run({ language, ...input })
    })
  ).pipe(Command.withDescription(labRecord.drift))
}
