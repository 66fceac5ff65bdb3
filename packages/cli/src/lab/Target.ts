/** A gateway somewhere that is to be tested: how it must be set up to reach the mocked vendors, and whether it is there. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Setup from "@understudy/lab/scenario/Setup"
import { urlsAt } from "@understudy/mocks/VendorList"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { type Failed, failed } from "../Failed.ts"
import type { Style } from "../internal/Style.ts"
import { isLoopback } from "../internal/Summary.ts"
import { align } from "../internal/Table.ts"
import type { Messages } from "../Messages.ts"
import type { MockHost } from "./MockHost.ts"
import * as TextFile from "./TextFile.ts"

/** The configuration that leads to the mocked vendors at an address: `127.0.0.1:9090`. */
export const setup = (scenario: Scenario, address: string): UnderstudyOptions =>
  Setup.configFor(scenario, urlsAt(`http://${address}`))

/** Every YAML is a JSON too: a provider or route a line. */
const toYaml = ({ providers, routes }: UnderstudyOptions): ReadonlyArray<string> => [
  "version: 1",
  "providers:",
  ...Object.entries(providers).map(([name, provider]) => `  ${name}: ${JSON.stringify(provider)}`),
  "routes:",
  ...routes.map((route) => `  - ${JSON.stringify(route)}`)
]

/** The setup of a scenario as lines of a configuration. */
export const yaml = (scenario: Scenario, address: string): ReadonlyArray<string> => toYaml(setup(scenario, address))

/** Where the mocked vendors are. */
export interface Place {
  readonly host: MockHost
  readonly port: number
}

/** What is to be said of the place of the mocked vendors, to whoever runs a gateway. */
const caution = ({ lab }: Messages, style: Style, { host, port }: Place): string =>
  isLoopback(host.listen) ? style.dim(lab.inContainer) : style.yellow(lab.openMocks(`${host.listen}:${port}`))

/** The setup as a ready configuration, and as base URLs and keys. */
export const lines = (messages: Messages, style: Style, scenario: Scenario, place: Place): ReadonlyArray<string> => {
  const options = setup(scenario, `${place.host.shown}:${place.port}`)
  const plain = Object.entries(options.providers).flatMap(([name, { baseUrl = "", keys = [] }]) => [
    [name, "base URL", baseUrl],
    ...keys.map((key) => [name, "key", typeof key === "string" ? key : key.value])
  ])
  const { carries, orPlain, pointAt } = messages.lab
  return [
    style.bold(pointAt),
    "",
    ...toYaml(options),
    "",
    style.bold(orPlain),
    "",
    ...align(plain),
    "",
    style.dim(carries),
    caution(messages, style, place)
  ]
}

/** Fails unless something answers there, whatever it answers. */
export const reach = (messages: Messages, url: string): Effect.Effect<void, Failed> =>
  Effect.tryPromise({
    try: (signal) => fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(3_000)]) }),
    catch: (error) =>
      failed(
        messages.lab.unreachable(
          url,
          TextFile.why(messages, error instanceof Error && error.cause !== undefined ? error.cause : error)
        )
      )
  }).pipe(Effect.asVoid)

/** Half a minute of looks for a gateway that is starting. */
const starting = { schedule: Schedule.spaced("200 millis"), times: 150 }

/** Waits until something answers there; fails as `reach` does. */
export const started = (messages: Messages, url: string): Effect.Effect<void, Failed> =>
  Effect.retry(reach(messages, url), starting)
