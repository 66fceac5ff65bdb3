/** The `lab` commands about real vendors and their flags: `record` and `drift`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { call } from "../internal/call.ts"
import * as Flags from "../internal/Flags.ts"
import { vendors } from "../internal/Vendors.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"

/** `lab record` */
export const record = (messages: Messages) => {
  const { help, labRecord } = messages
  return Command.make(
    "record",
    {
      port: Flags.port(help, 9191),
      upstreams: Object.fromEntries(
        vendors.map(({ baseUrl = "", name }) => [name, Flags.text(name, labRecord.baseUrl(baseUrl))])
      ),
      out: Flags.textOr("out", labRecord.out, "cassette.json"),
      rules: Flags.toggle("rules", labRecord.rules),
      keepText: Flags.toggle("keep-text", labRecord.keepText),
      keepPrompts: Flags.toggle("keep-prompts", labRecord.keepPrompts)
    },
    (input) => call(() => import("../commands/LabRecord.ts"), messages, input)
  ).pipe(
    Command.withDescription(labRecord.record),
    Command.withExamples([
      { command: "understudy lab record --out today.json", description: labRecord.example },
      { command: "understudy lab record --rules --out rules.json", description: labRecord.rulesExample }
    ])
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
    (input) => call(() => import("../commands/LabDrift.ts"), { language, ...input })
  ).pipe(Command.withDescription(labRecord.drift))
}
