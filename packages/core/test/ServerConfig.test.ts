/** The gateway's HTTP side in the configuration: sizes, origins, names. */
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"

const yaml = (server: string): string => `version: 1
server: ${server}
providers: { local: { type: openai-compatible, baseUrl: "http://127.0.0.1:11434/v1" } }
routes: [{ name: all, match: { model: { prefix: "" } }, targets: [{ provider: local }] }]
`

const serverOf = (server: string) =>
  Effect.runPromise(
    Effect.map(UnderstudyConfig.fromYaml(yaml(server), { env: { SIZE: "30MB" } }), (config) => config.server)
  )

const problemOf = (server: string) =>
  Effect.runPromise(
    Effect.map(Effect.flip(UnderstudyConfig.fromYaml(yaml(server), { env: {} })), (error) => error.message)
  )

it.each([
  ["50000000", 50_000_000],
  ['"50000000"', 50_000_000],
  ["50MB", 50_000_000],
  ["50mb", 50_000_000],
  ["50MiB", 50 * 1024 * 1024],
  ["1.5 GiB", undefined],
  ["0.25GiB", 256 * 1024 * 1024],
  ["512KB", 512_000],
  ["64kib", 65_536],
  ["100 B", 100],
  [`"\${SIZE}"`, 30_000_000]
])("reads %s as the size of a body", async (size, bytes) => {
  if (bytes === undefined)
    expect(await problemOf(`{ maxBody: ${size} }`)).toContain('must be a size between 1 byte and 512MB, got "1.5 GiB"')
  else expect((await serverOf(`{ maxBody: ${size} }`)).maxBody).toBe(bytes)
})

it.each([
  "0",
  "-1",
  "20X",
  "MB",
  "0B",
  "1e9",
  "20 megabytes",
  "513MB",
  "true",
  "[]"
])("refuses %s as the size of a body, at its place", async (size) => {
  expect(await problemOf(`{ maxBody: ${size} }`)).toMatch(/:2:\d+ {2}server\.maxBody: /)
})

it("takes origins as browsers spell them, whatever way they are written", async () => {
  const written = [
    "https://App.example/",
    "https://app.example:443",
    "http://localhost:*",
    "http://a.example:80",
    "http://a.example:8080",
    "chrome-extension://abc",
    '"null"',
    '"*"'
  ]
  expect(
    (
      await serverOf(
        `{ cors: [${written.map((one) => (one.includes("*") ? `"${one.replaceAll('"', "")}"` : one)).join(", ")}] }`
      )
    ).cors
  ).toEqual([
    "https://app.example",
    "https://app.example",
    "http://localhost:*",
    "http://a.example",
    "http://a.example:8080",
    "chrome-extension://abc",
    "null",
    "*"
  ])
})

it.each([
  "app.example",
  "https://app.example/path",
  "https://",
  '"https://a b"',
  "localhost:3000"
])("refuses %s as an origin, and says what one is", async (origin) => {
  expect(await problemOf(`{ cors: [https://good.example, ${origin}] }`)).toMatch(
    /server\.cors\[1\]: must be an origin: scheme, host and port alone, such as https:\/\/app\.example\.com, got "/
  )
})

it("takes names that a gateway goes by, without their ports", async () => {
  expect((await serverOf('{ hosts: [AI.example.com, "ai.example.com:8443", "*.example.org"] }')).hosts).toEqual([
    "ai.example.com",
    "ai.example.com",
    "*.example.org"
  ])
})

it.each(["https://ai.example.com", "ai.example.com/v1", '"a b"'])("refuses %s as a name", async (name) => {
  expect(await problemOf(`{ hosts: [${name}] }`)).toContain(
    "must be the name of a host alone, such as ai.example.com, got"
  )
})
