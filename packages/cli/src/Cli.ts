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
    Effect.fnUntraced(function* (input) {
      const Start = yield* Effect.promise(() => import("./commands/Start.ts"))
      yield* Start.run(messages, { language, ...input })
    })
  ).pipe(
    Command.withDescription(messages.help.start),
    Command.withExamples([{ command: "understudy start", description: messages.help.examples.start }])
  )

const serve = (messages: Messages.Messages) =>
  Command.make(
    "serve",
    {
      config: Flags.config(messages.help),
      host: Flag.String("host").pipe(Flag.withDescription(messages.help.host), Flag.optional),
      port: Flags.optionalPort(messages.help),
      log: Flag.Literals("log", ["text", "json", "off"]).pipe(
        Flag.withMetavar("text|json|off"),
        Flag.withDescription(messages.help.log),
        Flag.optional
      ),
      quiet: Flags.quiet(messages.help)
    },
    Effect.fnUntraced(function* ({ config, host, log, port, quiet }) {
      const Serve = yield* Effect.promise(() => import("./commands/Serve.ts"))
      yield* Serve.run(messages, {
        log: quiet ? "off" : getOrUndefined(log),
        config: getOrUndefined(config),
        host: getOrUndefined(host),
        port: getOrUndefined(port)
      })
    })
  ).pipe(Command.withDescription(messages.help.serve))

const mock = (language: Language, messages: Messages.Messages) => {
  const { help, labHelp } = messages
  const serveMocks = Command.make(
    "serve",
    {
      host: Flags.host(help),
      port: Flags.port(help, 9090),
      seed: Flag.Int("seed").pipe(Flag.withDescription(help.seed), Flag.optional),
      keys: Flag.String("keys").pipe(Flag.withDescription(help.keys), Flag.optional),
      acceptAnyKey: Flags.toggle("accept-any-key", help.acceptAnyKey),
      catalogue: Flag.Literals("catalogue", ["2025", "2026", "both"]).pipe(
        Flag.withMetavar("2025|2026|both"),
        Flag.withDescription(help.catalogue),
        Flag.optional
      ),
      scenario: Flag.String("scenario").pipe(Flag.withDescription(labHelp.scenario), Flag.optional),
      speed: Flags.speed(help, labHelp.speed),
      recordings: Flag.String("recordings").pipe(Flag.withDescription(messages.labRecord.recordings), Flag.optional)
    },
    Effect.fnUntraced(function* ({ scenario: named, ...flags }) {
      const input = {
        ...flags,
        seed: getOrUndefined(flags.seed),
        keys: getOrUndefined(flags.keys),
        catalogue: getOrUndefined(flags.catalogue),
        speed: getOrUndefined(flags.speed),
        recordings: getOrUndefined(flags.recordings)
      }
      const scenario = getOrUndefined(named)
      if (scenario !== undefined) {
        const MockScenario = yield* Effect.promise(() => import("./commands/MockScenario.ts"))
        return yield* MockScenario.run(messages, { ...input, language, scenario })
      }
      const MockServe = yield* Effect.promise(() => import("./commands/MockServe.ts"))
      yield* MockServe.run(messages, input)
    })
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
      prompt: Argument.String("prompt").pipe(Argument.withDescription(help.prompt), Argument.optional),
      model: Flag.String("model").pipe(Flag.withAlias("m"), Flag.withDescription(help.model), Flag.optional),
      config: Flags.config(help),
      baseUrl: Flag.String("base-url").pipe(Flag.withDescription(help.baseUrl), Flag.optional),
      apiKey: Flag.Redacted("api-key").pipe(Flag.withDescription(help.apiKey), Flag.optional)
    },
    Effect.fnUntraced(function* (input) {
      const Chat = yield* Effect.promise(() => import("./commands/Chat.ts"))
      yield* Chat.run(messages, {
        prompt: getOrUndefined(input.prompt),
        model: getOrUndefined(input.model),
        config: getOrUndefined(input.config),
        baseUrl: getOrUndefined(input.baseUrl),
        apiKey: getOrUndefined(input.apiKey)
      })
    })
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
    { config: Flags.config(messages.help), json: Flags.toggle("json", messages.help.json) },
    Effect.fnUntraced(function* ({ config, json }) {
      const Check = yield* Effect.promise(() => import("./commands/Check.ts"))
      yield* Check.run(messages, { config: getOrUndefined(config), json })
    })
  ).pipe(Command.withDescription(messages.help.check))

const explain = (language: Language, messages: Messages.Messages) => {
  const { help } = messages
  return Command.make(
    "explain",
    {
      model: Argument.String("model").pipe(Argument.withDescription(help.explainModel)),
      config: Flags.config(help),
      consumer: Flag.String("consumer").pipe(Flag.withDescription(help.consumer), Flag.optional),
      headers: Flag.KeyValuePair("header").pipe(Flag.withDescription(help.header), Flag.withDefault({})),
      json: Flags.toggle("json", help.json),
      demo: Flags.toggle("demo", help.demo)
    },
    Effect.fnUntraced(function* ({ config, consumer, ...input }) {
      const Explain = yield* Effect.promise(() => import("./commands/Explain.ts"))
      yield* Explain.run(messages, {
        language,
        ...input,
        config: getOrUndefined(config),
        consumer: getOrUndefined(consumer)
      })
    })
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
          Flag.Redacted(`${flagOf(vendor)}-key`).pipe(
            Flag.withDescription(help.vendorKey(vendor.label[language], vendor.variable)),
            Flag.optional
          )
        ])
      ),
      baseUrls: Object.fromEntries(
        vendors.map((vendor) => [
          vendor.name,
          Flag.String(`${flagOf(vendor)}-base-url`).pipe(
            Flag.withDescription(help.vendorBaseUrl(vendor.label[language])),
            Flag.optional
          )
        ])
      ),
      withConsumer: Flags.toggle("with-consumer-key", help.withConsumer),
      dir: Flag.String("dir").pipe(Flag.withDescription(help.dir), Flag.withDefault(".")),
      force: Flags.toggle("force", help.force)
    },
    Effect.fnUntraced(function* (input) {
      const Init = yield* Effect.promise(() => import("./commands/Init.ts"))
      yield* Init.run(messages, { ...input, language })
    })
  ).pipe(
    Command.withDescription(help.init),
    Command.withExamples([{ command: "DASHSCOPE_API_KEY=… understudy init --yes", description: help.examples.init }])
  )
}

const schema = (help: Help) =>
  Command.make(
    "schema",
    {},
    Effect.fnUntraced(function* () {
      const Schema = yield* Effect.promise(() => import("./commands/Schema.ts"))
      yield* Schema.run()
    })
  ).pipe(Command.withDescription(help.schema))

const langFlag = (help: Help) =>
  GlobalFlag.Setting("lang")({
    flag: Flag.Literals("lang", languages).pipe(
      Flag.withMetavar("zh|en"),
      Flag.withDescription(help.globals.lang),
      Flag.optional
    )
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
