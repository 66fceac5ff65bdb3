/** `understudy mock serve`: the mock vendors on real sockets, with the means to make them fail. */
import type { Catalogue } from "@understudy/mocks/Catalogue"
import * as Clock from "@understudy/mocks/Clock"
import type { KeySpec } from "@understudy/mocks/Key"
import * as MockServer from "@understudy/mocks/MockServer"
import { isVendor, labels, names } from "@understudy/mocks/VendorList"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"
import * as Setup from "../demo/Setup.ts"
import { type Failed, misused } from "../Failed.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import * as Mock from "../internal/Mock.ts"
import * as Output from "../internal/Output.ts"
import * as Recordings from "../internal/Recordings.ts"
import { Stop } from "../internal/Stop.ts"
import * as Style from "../internal/Style.ts"
import * as Summary from "../internal/Summary.ts"
import { align } from "../internal/Table.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input {
  readonly host: string
  readonly port: number
  readonly seed: number | undefined
  readonly keys: string | undefined
  readonly acceptAnyKey: boolean
  readonly catalogue: Catalogue | undefined
  /** How many times faster than real time. */
  readonly speed: number | undefined
  /** A cassette's file. */
  readonly recordings: string | undefined
}

type Keys = Readonly<Record<string, KeySpec>>

/** What is to be said of time that is not real. */
export const pace = ({ serve }: Messages, speed: number | undefined): readonly [string, ReadonlyArray<string>] => [
  serve.speed,
  speed === undefined || speed === 1 ? [] : [serve.faster(speed, MockServer.speedHeader)]
]

/** Reads `VENDOR:KEY` and `VENDOR:KEY:STATE`, comma-separated; undefined where one of them is neither. */
export const parseKeys = (text: string): { readonly keys: Keys } | { readonly wrong: string } => {
  const keys: Record<string, KeySpec> = {}
  for (const part of text.split(",").map((each) => each.trim())) {
    const [vendor, key, state, ...rest] = part.split(":")
    if (!isVendor(vendor) || key === undefined || key === "" || rest.length > 0) {
      return { wrong: part }
    }
    keys[key] = { vendor, ...(state === undefined ? {} : { state: state as NonNullable<KeySpec["state"]> }) }
  }
  return { keys }
}

const keysOf = (messages: Messages, input: Input): Effect.Effect<Keys, Failed> => {
  if (input.keys === undefined) return Effect.succeed(Setup.mockKeys)
  const parsed = parseKeys(input.keys)
  return "wrong" in parsed
    ? Effect.fail(misused(messages.serve.badKeys(parsed.wrong, names)))
    : Effect.succeed(parsed.keys)
}

const control = (messages: Messages, url: string, keys: Keys): ReadonlyArray<readonly [string, string]> => {
  const { addFault, breakKey, journal, reset } = messages.serve
  const [key = "KEY", spec] = Object.entries(keys)[0] ?? []
  const body = (state: string): string => JSON.stringify({ vendor: spec?.vendor ?? Setup.example, key, state })
  return [
    [breakKey, `curl -sS -X POST ${url}/_mock/keys -d '${body("invalid")}'`],
    ["", `curl -sS -X POST ${url}/_mock/keys -d '${body("valid")}'`],
    [
      addFault,
      `curl -sS -X POST ${url}/_mock/faults -d '${JSON.stringify({ vendor: Setup.example, kind: "server.error" })}'`
    ],
    ["", `curl -sS -X DELETE ${url}/_mock/faults`],
    [journal, `curl -sS ${url}/_mock/journal`],
    [reset, `curl -sS -X POST ${url}/_mock/reset`]
  ]
}

const summary = (messages: Messages, style: Style.Style, input: Input, server: MockServer.MockServer, keys: Keys) => {
  const { anyKey, baseUrl, control: title, ctrlC, keys: keysTitle, mock } = messages.serve
  const known = Object.entries(keys).map(([key, { state = "valid", vendor }]) => [vendor, key, style.dim(state)])
  return [
    ...Summary.page(style, messages.help.mockServe, [
      [mock, [style.cyan(server.url)]],
      pace(messages, input.speed),
      ...names.map((name): readonly [string, ReadonlyArray<string>] => [baseUrl(labels[name]), [server.urls[name]]]),
      [keysTitle, [...align(known), ...(input.acceptAnyKey ? [anyKey] : [])]],
      [messages.labRecord.played, input.recordings === undefined ? [] : [input.recordings]]
    ]),
    `  ${style.bold(title)}`,
    ...control(messages, server.url, keys).flatMap(([what, line]) => [
      ...(what === "" ? [] : [style.dim(`  # ${what}`)]),
      `  ${line}`
    ]),
    "",
    style.dim(ctrlC)
  ]
}

const served = Effect.fnUntraced(function* (messages: Messages, input: Input) {
  const style = Style.forStream(process.stdout)
  const keys = yield* keysOf(messages, input)
  const { acceptAnyKey, catalogue = "both", host, port, seed = 42, speed = 1 } = input
  const refusal = { host, port, command: `${CalledAs.here()} mock serve --port` }
  const recordings = yield* Recordings.load(input.recordings)
  const vendors = (): Vendors.Vendors =>
    Vendors.make({ clock: Clock.real({ speed }), seed, keys, acceptAnyKey, catalogue, recordings })
  const server = yield* Mock.listenAt(messages, refusal, async () => MockServer.listen(vendors(), { host, port }))
  yield* Output.print(...summary(messages, style, input, server, keys))
  yield* yield* Stop
})

/** Serves until Ctrl-C. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> =>
  Effect.scoped(served(messages, input))
