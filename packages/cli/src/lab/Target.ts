/** A gateway somewhere that is to be tested: how it must be set up to reach the mocked vendors, and whether it is there. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Setup from "@understudy/lab/scenario/Setup"
import * as Effect from "effect/Effect"
import { type Failed, failed } from "../Failed.ts"
import type { Style } from "../internal/Style.ts"
import { align } from "../internal/Table.ts"
import type { Messages } from "../Messages.ts"
import * as TextFile from "./TextFile.ts"

/** The configuration that leads to the mocked vendors on a port. */
export const setup = (scenario: Scenario, port: number): UnderstudyOptions =>
  Setup.configFor(scenario, {
    qwen: `http://127.0.0.1:${port}/qwen/compatible-mode/v1`,
    deepseek: `http://127.0.0.1:${port}/deepseek`
  })

/** Every YAML is a JSON too: a provider or route a line. */
const toYaml = ({ providers, routes }: UnderstudyOptions): ReadonlyArray<string> => [
  "version: 1",
  "providers:",
  ...Object.entries(providers).map(([name, provider]) => `  ${name}: ${JSON.stringify(provider)}`),
  "routes:",
  ...routes.map((route) => `  - ${JSON.stringify(route)}`)
]

/** The setup as a ready configuration, and as base URLs and keys. */
export const lines = (messages: Messages, style: Style, options: UnderstudyOptions): ReadonlyArray<string> => {
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
    style.dim(carries)
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
          TextFile.why(error instanceof Error && error.cause !== undefined ? error.cause : error)
        )
      )
  }).pipe(Effect.asVoid)
