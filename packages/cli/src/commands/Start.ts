/**
 * `understudy start`: the demonstrations' setting, running. Against mock vendors, without any account; or against the real ones
 * where their keys stand in the environment.
 */

import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"
import * as Demonstrations from "../demo/Demonstrations.ts"
import * as RealSetup from "../demo/RealSetup.ts"
import * as Setup from "../demo/Setup.ts"
import { type Failed, failed, fromError } from "../Failed.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import * as Mock from "../internal/Mock.ts"
import * as Port from "../internal/Port.ts"
import * as Serving from "../internal/Serving.ts"
import * as Summary from "../internal/Summary.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"
import * as Version from "../Version.ts"

/** What the command line says. */
export interface Input {
  readonly language: Language
  readonly host: string
  readonly port: number
  readonly mockPort: number
  readonly quiet: boolean
}

/** How many ports after a taken one are tried for the mocks. */
const tries = 10

/** Milliseconds between content chunks, so that a stream can be seen to stream. */
const chunkDelay = 15

const listen = Effect.fnUntraced(function* (messages: Messages, wanted: number) {
  const vendors = Vendors.make({ keys: Setup.mockKeys, chunkDelay })
  for (let port = wanted; port <= wanted + tries; port++) {
    const server = yield* Mock.listen(() => MockServer.listen(vendors, { host: "127.0.0.1", port })).pipe(
      Effect.catchTag("Refused", ({ code, message }) =>
        code === "EADDRINUSE"
          ? Effect.undefined
          : Port.refused(messages, { host: "127.0.0.1", port, command: "" }, code, message)
      )
    )
    if (server !== undefined) return server
  }
  return yield* failed(messages.demo.noMockPort(wanted, wanted + tries))
})

/** How this command takes another port: with npm, behind a `--`. */
const portCommand = (env: NodeJS.ProcessEnv): string =>
  env["npm_lifecycle_event"] === "start" ? "npm start -- --port" : `${CalledAs.here()} start --port`

interface Parts {
  readonly messages: Messages
  readonly input: Input
  readonly mock: MockServer.MockServer | undefined
  readonly vendors: Setup.Presence
  readonly notes: ReadonlyArray<string>
}

const keyLines = ({ messages, mock }: Parts, keys: Serving.Running["understudy"]["config"]["providers"]) =>
  keys.map(({ keys: own, name }) => {
    const ids = own.map(({ id, name: label }) => {
      if (mock === undefined) return id
      return `${id} (${label === "bad" ? messages.demo.bad : messages.demo.good})`
    })
    return `${name}: ${ids.join(messages.common.and)}`
  })

/** Which demonstrations find things as another one left them. */
const between = (messages: Messages, list: ReadonlyArray<Demonstrations.Demonstration>): ReadonlyArray<string> => {
  const step = (name: Demonstrations.Demonstration["name"]): number => 1 + list.findIndex((each) => each.name === name)
  return step("fallback") === 0 ? [] : [messages.demo.between(step("fallback"), step("restore"), step("outage"))]
}

const summary =
  (parts: Parts) =>
  ({ host, logs, style, understudy, url }: Serving.Running): ReadonlyArray<string> => {
    const { messages, mock, notes, vendors } = parts
    const { config } = understudy
    const isOpen = Summary.isLoopback(host)
    const reachable = url.replace("//0.0.0.0", "//127.0.0.1").replace("//[::]", "//[::1]")
    const demonstrations = Demonstrations.make(messages, {
      gateway: reachable,
      mock: mock?.url,
      understudy: CalledAs.here(),
      vendors
    })
    return [
      "",
      `${style.bold("Understudy")} ${Version.version}  ${style.dim(mock === undefined ? messages.demo.withVendors : messages.demo.withMocks)}`,
      "",
      ...Summary.blocks(style, [
        [messages.serve.gateway, [style.cyan(`${url}/v1`)]],
        [messages.serve.access, [isOpen ? messages.demo.openForAll : Summary.access(messages, style, config, host)]],
        ...(mock === undefined ? [] : [[messages.serve.mock, [style.cyan(mock.url)]] as const]),
        [messages.serve.routes, Summary.routes(messages, style, config)],
        [messages.serve.keys, keyLines(parts, config.providers)]
      ]),
      ...notes.map((note) => style.yellow(`  ${note}`)),
      "",
      style.bold(messages.demo.tryIt),
      ...between(messages, demonstrations),
      ...demonstrations.flatMap(({ lines, shows }, index) => ["", style.green(`# ${index + 1}. ${shows}`), ...lines]),
      "",
      style.dim(logs ? `${messages.serve.ctrlC}${messages.common.gap}${messages.serve.requests}` : messages.serve.ctrlC)
    ]
  }

/** A demonstration is not worth waiting for: milliseconds that requests in flight have after Ctrl-C. */
const grace = 1_000

const started = Effect.fnUntraced(function* (messages: Messages, input: Input) {
  const serve = (config: Effect.Effect<UnderstudyConfig.UnderstudyConfig, Failed>, parts: Parts) =>
    Serving.run({
      ...input,
      log: input.quiet ? "off" : undefined,
      messages,
      config,
      watch: false,
      workers: 1,
      grace,
      command: portCommand(process.env),
      summary: summary(parts)
    })
  const real = RealSetup.fromEnvironment(messages, input.language, process.env)
  if (real !== undefined) {
    const config = UnderstudyConfig.fromOptions(real.options, "understudy start").pipe(Effect.mapError(fromError))
    return yield* serve(config, { messages, input, mock: undefined, vendors: real.vendors, notes: real.notes })
  }
  const mock = yield* listen(messages, input.mockPort)
  const moved = input.mockPort !== 0 && mock.port !== input.mockPort
  const config = UnderstudyConfig.fromOptions(Setup.withMocks(mock.url), "understudy start").pipe(
    Effect.mapError(fromError),
    Effect.map(Setup.quickProbes)
  )
  return yield* serve(config, {
    messages,
    input,
    mock,
    vendors: { deepseek: true, qwen: true },
    notes: moved ? [messages.demo.mockMoved(input.mockPort, mock.port)] : []
  })
})

/** Runs until Ctrl-C. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> =>
  Effect.scoped(started(messages, input))
