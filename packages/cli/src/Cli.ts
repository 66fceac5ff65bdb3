/**
 * The command line as a tree of effect/cli commands. Only the flags are here: what a command does is imported when it is
 * called, so that `understudy --help` loads none of it.
 *
 * **Example** (Help, as a text on standard output)
 *
 * ```ts
 * import * as Cli from "@understudy/cli/Cli"
 *
 * const help = Cli.run("en", ["--help"])
 * ```
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeStdio from "@effect/platform-node/NodeStdio"
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Argument from "effect/cli/Argument"
import * as CliConfig from "effect/cli/CliConfig"
import type { CliError } from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type { Failed } from "./Failed.ts"
import { call } from "./internal/call.ts"
import * as Flags from "./internal/Flags.ts"
import * as HelpText from "./internal/HelpText.ts"
import { flagOf, vendors } from "./internal/Vendors.ts"
import { type Language, languages } from "./Language.ts"
import * as Lab from "./lab/Tree.ts"
import * as Messages from "./Messages.ts"
import * as Version from "./Version.ts"

type Help = Messages.Messages["help"]

const { getOrUndefined } = Option

const start = (language: Language, messages: Messages.Messages) =>
  Command.make(
    "start",
    {
      host: Flags.host(messages.help),
      port: Flags.port(messages.help, 8080),
      mockPort: Flags.portNamed("mock-port", messages.help.mockPort, messages.help, 9090),
      quiet: Flags.quiet(messages.help)
    },
    (input) => call(() => import("./commands/Start.ts"), messages, { language, ...input })
  ).pipe(
    Command.withDescription(messages.help.start),
    Command.withExamples([{ command: "understudy start", description: messages.help.examples.start }])
  )

const serve = (messages: Messages.Messages) =>
  Command.make(
    "serve",
    {
      config: Flags.config(messages.help.config),
      host: Flags.text("host", messages.help.host),
      port: Flags.optionalPort(messages.help),
      workers: Flags.workers(messages.help),
      log: Flags.oneOf("log", ["text", "json", "off"], messages.help.log),
      quiet: Flags.quiet(messages.help)
    },
    ({ log, quiet, ...input }) =>
      call(() => import("./commands/Serve.ts"), messages, { ...input, log: quiet ? "off" : log })
  ).pipe(Command.withDescription(messages.help.serve))

const mock = (language: Language, messages: Messages.Messages) => {
  const { help, labHelp } = messages
  const serveMocks = Command.make(
    "serve",
    {
      host: Flags.host(help),
      port: Flags.port(help, 9090),
      seed: Flags.int("seed", help.seed),
      keys: Flags.text("keys", help.keys),
      acceptAnyKey: Flags.toggle("accept-any-key", help.acceptAnyKey),
      catalogue: Flags.catalogue(help.catalogue),
      scenario: Flags.text("scenario", labHelp.scenario),
      speed: Flags.speed(help, labHelp.speed),
      recordings: Flags.text("recordings", messages.labRecord.recordings)
    },
    ({ scenario, ...input }) =>
      scenario === undefined
        ? call(() => import("./commands/MockServe.ts"), messages, input)
        : call(() => import("./commands/MockScenario.ts"), messages, { ...input, language, scenario })
  ).pipe(
    Command.withDescription(help.mockServe),
    Command.withExamples([
      {
        command: "understudy mock serve --keys qwen:sk-demo-1,qwen:sk-demo-2:arrears",
        description: help.examples.mockServe
      },
      { command: "understudy mock serve --scenario rate.limit@qwen", description: labHelp.examples.scenario },
      {
        command: "understudy mock serve --scenario key.revoked@qwen --speed 10",
        description: labHelp.examples.speed
      }
    ])
  )
  return Command.make("mock").pipe(Command.withDescription(help.mock), Command.withSubcommands([serveMocks]))
}

const chat = (messages: Messages.Messages) => {
  const { help } = messages
  return Command.make(
    "chat",
    {
      prompt: Argument.String("prompt").pipe(
        Argument.withDescription(help.prompt),
        Argument.optional,
        Argument.map(getOrUndefined)
      ),
      model: Flag.String("model").pipe(Flag.withAlias("m"), Flag.withDescription(help.model), Flags.maybe),
      config: Flags.config(help.config),
      baseUrl: Flags.text("base-url", help.baseUrl),
      apiKey: Flags.secret("api-key", help.apiKey)
    },
    (input) => call(() => import("./commands/Chat.ts"), messages, input)
  ).pipe(
    Command.withDescription(help.chat),
    Command.withExamples([
      { command: 'understudy chat --base-url http://127.0.0.1:8080/v1 "你是谁？"', description: help.examples.chat }
    ])
  )
}

const check = (messages: Messages.Messages) =>
  Command.make(
    "check",
    { config: Flags.config(messages.help.config), json: Flags.toggle("json", messages.help.json) },
    (input) => call(() => import("./commands/Check.ts"), messages, input)
  ).pipe(Command.withDescription(messages.help.check))

const explain = (language: Language, messages: Messages.Messages) => {
  const { help } = messages
  return Command.make(
    "explain",
    {
      model: Argument.String("model").pipe(Argument.withDescription(help.explainModel)),
      config: Flags.config(help.config),
      consumer: Flags.text("consumer", help.consumer),
      headers: Flag.KeyValuePair("header").pipe(Flag.withDescription(help.header), Flag.withDefault({})),
      json: Flags.toggle("json", help.json),
      demo: Flags.toggle("demo", help.demo)
    },
    (input) => call(() => import("./commands/Explain.ts"), messages, { language, ...input })
  ).pipe(
    Command.withDescription(help.explain),
    Command.withExamples([
      { command: "understudy explain qwen3.8-flash --consumer demo", description: help.examples.explain }
    ])
  )
}

const init = (language: Language, messages: Messages.Messages) => {
  const { help } = messages
  return Command.make(
    "init",
    {
      yes: Flag.Boolean("yes").pipe(Flag.withAlias("y"), Flag.withDescription(help.yes), Flag.withDefault(false)),
      keys: Object.fromEntries(
        vendors.map((vendor) => [
          vendor.name,
          Flags.secret(`${flagOf(vendor)}-key`, help.vendorKey(vendor.label[language], vendor.variable))
        ])
      ),
      baseUrls: Object.fromEntries(
        vendors.map((vendor) => [
          vendor.name,
          Flags.text(`${flagOf(vendor)}-base-url`, help.vendorBaseUrl(vendor.label[language]))
        ])
      ),
      withConsumer: Flags.toggle("with-consumer-key", help.withConsumer),
      dir: Flags.textOr("dir", help.dir, "."),
      force: Flags.toggle("force", help.force)
    },
    (input) => call(() => import("./commands/Init.ts"), messages, { ...input, language })
  ).pipe(
    Command.withDescription(help.init),
    Command.withExamples([{ command: "DASHSCOPE_API_KEY=… understudy init --yes", description: help.examples.init }])
  )
}

const schema = (help: Help) =>
  Command.make("schema", {}, () => call(() => import("./commands/Schema.ts"))).pipe(
    Command.withDescription(help.schema)
  )

const langFlag = (help: Help) =>
  GlobalFlag.Setting("lang")({
    flag: Flags.oneOf("lang", languages, help.globals.lang)
  })

/** The whole tree in a language. */
const make = (language: Language, messages: Messages.Messages) =>
  Command.make("understudy").pipe(
    Command.withDescription(messages.help.root),
    Command.withSubcommands([
      start(language, messages),
      init(language, messages),
      serve(messages),
      chat(messages),
      check(messages),
      explain(language, messages),
      mock(language, messages),
      Lab.make(language, messages),
      schema(messages.help)
    ]),
    Command.withGlobalFlags([langFlag(messages.help)])
  )

// effect/cli asks for a spawner by its type but never spawns; the real one would cost a quarter of the start-up time.
const noSpawner = Layer.succeed(
  ChildProcessSpawner.ChildProcessSpawner,
  ChildProcessSpawner.make(() => Effect.die("unused"))
)

const platform = Layer.mergeAll(
  noSpawner,
  NodeFileSystem.layer,
  NodePath.layer,
  NodeStdio.layer,
  NodeTerminal.layer,
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
)

/** Runs a command line in a language. */
export const run = (language: Language, args: ReadonlyArray<string>): Effect.Effect<void, Failed | CliError> => {
  const messages = Messages.of(language)
  return Command.runWith(make(language, messages), { version: Version.version })(args).pipe(
    Effect.provide(Layer.merge(platform, HelpText.layer(messages)))
  )
}
