import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { afterAll, beforeAll } from "vitest"
import type { ProviderOptions } from "../../src/config/Options.ts"
import * as UnderstudyConfig from "../../src/config/UnderstudyConfig.ts"
import { certificate } from "../upstream/certificate.ts"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "understudy-connection-"))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const yaml = (provider: object, more = "") => `version: 1
providers:
  local: ${JSON.stringify({ type: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1", ...provider })}
routes:
  - { name: all, match: { model: { prefix: "" } }, targets: [{ provider: local }] }
${more}`

const load = (provider: object, more = "") =>
  UnderstudyConfig.load({ path: file("understudy.yaml", yaml(provider, more)), env: {} })

/** What is said of a configuration that is refused, without its place. */
const refusal = (provider: object, more = "") =>
  Effect.map(Effect.flip(load(provider, more)), ({ issues }) =>
    issues.map(({ line, message, path }) => `${line} ${path.join(".")}: ${message}`)
  )

const connection = (provider: Partial<ProviderOptions>) =>
  Effect.map(load(provider), ({ providers }) => providers[0]?.connection)

describe("a provider's connection", () => {
  it.effect("is the environment's where nothing is said", () =>
    Effect.map(connection({}), (found) => expect(found).toBeUndefined())
  )

  it.effect.each([
    ["http://127.0.0.1:3128", "http://127.0.0.1:3128"],
    ["http://demo:s3cret@proxy.example:3128", "http://demo:s3cret@proxy.example:3128"],
    ["proxy.example:3128", "proxy.example:3128"],
    ["none", "none"],
    ["Off", "none"]
  ] as const)("goes through %s", ([proxy, expected]) =>
    Effect.map(connection({ proxy }), (found) => expect(found?.proxy).toBe(expected))
  )

  it.effect.each([
    ["ftp://proxy.example", 'must start with http://, https:// or socks5://, got "ftp://"'],
    ["http://demo:s3cret@:3128", "is not the URL of a proxy, such as http://127.0.0.1:3128"]
  ] as const)("refuses the proxy %s without showing its credentials", ([proxy, says]) =>
    Effect.map(refusal({ proxy }), (lines) => {
      expect(lines).toEqual([`3 providers.local.proxy: ${says}; or \`none\`, to go past the environment's`])
      expect(lines.join()).not.toContain("s3cret")
    })
  )

  it.effect("trusts the certificates of a file beside the configuration, and of a text", () =>
    Effect.gen(function* () {
      file("ca.pem", `# our own\n${certificate}${certificate}`)
      const fromFile = yield* connection({ ca: "./ca.pem" })
      expect(fromFile?.ca?.match(/BEGIN/g)).toHaveLength(2)
      const inline = yield* connection({ ca: certificate })
      expect(inline?.ca).toBe(certificate.trim())
    })
  )

  it.effect("refuses a file that is not there, holds no certificate, or a broken one", () =>
    Effect.gen(function* () {
      expect(yield* refusal({ ca: "./none.pem" })).toEqual([
        `3 providers.local.ca: ${join(folder, "none.pem")} cannot be read (ENOENT)`
      ])
      const text = file("text.pem", "hello")
      expect(yield* refusal({ ca: text })).toEqual([`3 providers.local.ca: ${text} holds no certificate in PEM`])
      const broken = file("broken.pem", "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n")
      expect(yield* refusal({ ca: broken })).toEqual([`3 providers.local.ca: ${broken} holds no certificate in PEM`])
      expect(yield* refusal({ ca: "-----BEGIN CERTIFICATE-----\nx" })).toEqual([
        "3 providers.local.ca: holds no certificate in PEM"
      ])
    })
  )
})

describe("a key that cannot stand in a header", () => {
  it.effect.each([
    ["sk-demo\u200b1", "a character without width (U+200B) behind 7 characters"],
    ["sk-demo\u2060", "a character without width (U+2060) behind 7 characters"],
    ["sk-\ufeffdemo", "a byte order mark (U+FEFF) behind 3 characters"],
    ["sk-demo 1", "a space (U+0020) behind 7 characters"],
    ["Bearer sk-demo", "a space (U+0020) behind 6 characters"],
    ["sk-demo\u00a01", "a space (U+00A0) behind 7 characters"],
    ["sk-demo\n1", "a line break (U+000A) behind 7 characters"],
    ["sk-demo\r\n1", "a line break (U+000D) behind 7 characters"],
    ["sk-demo\u00001", "a control character (U+0000) behind 7 characters"],
    ["sk－demo", "a full-width character (U+FF0D) behind 2 characters"],
    ["sk-demo密", "a character that no header holds (U+5BC6) behind 7 characters"],
    ['"sk-demo"', "a quotation mark (U+0022) behind 0 characters"],
    ["sk-demo'", "a quotation mark (U+0027) behind 7 characters"],
    ["sk-demo😀", "a character that no header holds (U+1F600) behind 7 characters"]
  ] as const)("is told with its place and %s, never with its value", ([key, says]) =>
    Effect.map(refusal({ keys: ["sk-demo-fine", { value: key, name: "second" }] }), (lines) => {
      expect(lines).toEqual([`3 providers.local.keys.1.value: holds ${says}, which no key holds: copy the key anew`])
    })
  )

  it.effect("is told by its number in a list", () =>
    Effect.map(refusal({ keys: ["sk-demo-1, sk-demo\u200d2"] }), (lines) =>
      expect(lines).toEqual([
        "3 providers.local.keys.0: key 2 of the list holds a character without width (U+200D) behind 7 characters, which no key holds: copy the key anew"
      ])
    )
  )

  it.effect("is refused where a consumer should send it", () =>
    Effect.map(refusal({}, `consumers: [{ name: c, keys: ["demo consumer", " demo-consumer ", " "] }]`), (lines) =>
      expect(lines).toEqual([
        "6 consumers.0.keys.0: holds a space (U+0020) behind 4 characters, which no key holds: copy the key anew",
        "6 consumers.0.keys.2: must be a text that is not empty"
      ])
    )
  )

  it.effect("is one that stands in it when only what is around it cannot", () =>
    Effect.map(load({ keys: ["\ufeff sk-demo-1\r\n", "\u3000sk-demo-2\u00a0"] }), ({ providers }) =>
      expect(providers[0]?.keys.map(({ value }) => value && Redacted.value(value))).toEqual(["sk-demo-1", "sk-demo-2"])
    )
  )
})

describe("a configuration file", () => {
  it.effect("is read over its byte order mark and its CRLF", () =>
    Effect.gen(function* () {
      const path = file("bom.yaml", `\ufeff${yaml({}).replaceAll("\n", "\r\n")}`)
      const { routes } = yield* UnderstudyConfig.load({ path, env: {} })
      expect(routes[0]?.name).toBe("all")
    })
  )

  it.effect("is refused with a word about it when it is UTF-16", () =>
    Effect.gen(function* () {
      const text = `\ufeff${yaml({})}`
      const little = Buffer.from(text, "utf16le")
      for (const bytes of [little, Buffer.from(little).swap16(), little.subarray(2)]) {
        const path = file("utf16.yaml", bytes)
        const { message } = yield* Effect.flip(UnderstudyConfig.load({ path, env: {} }))
        expect(message).toContain("is UTF-16: save it as UTF-8")
      }
    })
  )
})
