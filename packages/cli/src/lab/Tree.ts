/** The `lab` commands and their flags; what a command does is imported when it is called. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { call } from "../internal/call.ts"
import * as Flags from "../internal/Flags.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"
import * as RecordTree from "./RecordTree.ts"

const several = (name: string, description: string, min = 0) =>
  Argument.String(name).pipe(Argument.withDescription(description), Argument.variadic({ min }))

const list = (language: Language, messages: Messages) => {
  const { labHelp } = messages
  return Command.make(
    "list",
    { words: several("words", labHelp.words), json: Flags.toggle("json", messages.help.json) },
    (input) => call(() => import("../commands/LabList.ts"), messages, { language, ...input })
  ).pipe(
    Command.withDescription(labHelp.list),
    Command.withExamples([{ command: "understudy lab list auth deepseek", description: labHelp.examples.list }])
  )
}

const lint = (language: Language, messages: Messages) => {
  const { labHelp } = messages
  return Command.make(
    "lint",
    { files: several("file", labHelp.files, 1), json: Flags.toggle("json", messages.help.json) },
    (input) => call(() => import("../commands/LabLint.ts"), messages, { language, ...input })
  ).pipe(Command.withDescription(labHelp.lint))
}

const runFlags = ({ help, labHelp, labTarget }: Messages) => ({
  scenarios: several("scenario", labHelp.scenarios),
  all: Flags.toggle("all", labHelp.all),
  seed: Flags.int("seed", labHelp.seed),
  config: Flags.config(labHelp.config),
  model: Flags.text("model", labHelp.model),
  catalogue: Flags.catalogue(labHelp.catalogue),
  target: Flags.text("target", labHelp.target),
  apiKey: Flags.secret("api-key", labHelp.apiKey),
  headers: Flag.KeyValuePair("header").pipe(Flag.withDescription(labTarget.header), Flag.withDefault({})),
  beforeEach: Flags.text("before-each", labTarget.beforeEach),
  targetLog: Flags.text("target-log", labTarget.targetLog),
  concurrency: Flags.int("concurrency", labTarget.concurrency),
  port: Flags.optionalPortNamed("port", labHelp.port, help),
  mockHost: Flags.text("mock-host", labHelp.mockHost),
  runner: Flags.oneOf("runner", ["virtual", "network", "sockets"], labHelp.runner),
  longest: Flags.text("longest", labHelp.longest),
  report: Flags.text("report", labHelp.report),
  baseline: Flags.text("baseline", labHelp.baseline),
  onlyFailed: Flags.toggle("only-failed", labHelp.onlyFailed),
  failFast: Flags.toggle("fail-fast", labHelp.failFast),
  format: Flags.textOr("format", labHelp.format, "html,json,junit,md"),
  json: Flags.toggle("json", labHelp.json)
})

const run = (language: Language, messages: Messages) => {
  const { examples, run: description } = messages.labHelp
  return Command.make("run", runFlags(messages), (input) =>
    call(() => import("../commands/LabRun.ts"), messages, { language, ...input })
  ).pipe(
    Command.withDescription(description),
    Command.withExamples([
      { command: "understudy lab run 'rate.*'", description: examples.run },
      { command: "understudy lab run --all --report lab-report", description: examples.all },
      { command: "understudy lab run auth.invalid@qwen --target http://127.0.0.1:8080", description: examples.target },
      {
        command: `understudy lab run quick --target http://127.0.0.1:8080 --concurrency 2 --before-each 'understudy serve --config "$UNDERSTUDY_LAB_CONFIG" --port "$UNDERSTUDY_LAB_PORT" &'`,
        description: messages.labTarget.example
      }
    ])
  )
}

const replay = (messages: Messages) =>
  Command.make(
    "replay",
    { file: Argument.String("file").pipe(Argument.withDescription(messages.labHelp.reportFile)) },
    ({ file }) => call(() => import("../commands/LabReplay.ts"), messages, file)
  ).pipe(Command.withDescription(messages.labHelp.replay))

const schema = (messages: Messages) =>
  Command.make("schema", {}, () => call(() => import("../commands/LabSchema.ts"))).pipe(
    Command.withDescription(messages.labHelp.schema)
  )

/** `lab` and everything below it. */
export const make = (language: Language, messages: Messages) =>
  Command.make("lab").pipe(
    Command.withDescription(messages.labHelp.lab),
    Command.withSubcommands([
      list(language, messages),
      lint(language, messages),
      run(language, messages),
      replay(messages),
      RecordTree.record(messages),
      RecordTree.drift(language, messages),
      schema(messages)
    ])
  )
