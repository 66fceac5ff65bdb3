import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as UnderstudyConfig from "../src/config/UnderstudyConfig.ts"
import { toText } from "../src/internal/config/Problem.ts"
import * as BaseUrl from "../src/internal/provider/BaseUrl.ts"
import { vendors } from "../src/provider/Vendors.ts"
import * as Matcher from "../src/route/Matcher.ts"

const typeNames = Object.keys(vendors)
  .map((name) => JSON.stringify(name))
  .join(" | ")

const env = { DASHSCOPE_API_KEY: "sk-demo-1, sk-demo-2", DEEPSEEK_API_KEY: "sk-demo-3", EMPTY: "" }

const whole = `version: 1
server: { host: 127.0.0.1, port: 8080, admin: { host: 127.0.0.1, port: 8001 } }
providers:
  qwen:
    type: qwen
    keys:
      - \${DASHSCOPE_API_KEY}
      - { value: "\${DASHSCOPE_API_KEY_2:-sk-demo-4}", name: backup, account: second, weight: 2 }
    selection: random
    keyFailover:
      failureThreshold: 1
      successThreshold: 1
      healthCheckInterval: 5s
      healthCheckTimeout: 10s
      healthCheckModel: qwen-turbo
      whenExhausted: fallback
    deadlines: { connect: 5s, firstContent: 15s, idle: 20s, answer: 2m }
  deepseek: { type: deepseek, keys: ["\${DEEPSEEK_API_KEY}"], aliases: { deepseek-chat: deepseek-flash } }
  local: { type: openai-compatible, baseUrl: "http://127.0.0.1:11434/v1" }
routes:
  - name: aliyun
    match: { model: { prefix: qwen- } }
    targets: [{ provider: qwen }]
    fallback: [{ provider: deepseek, model: deepseek-chat }]
    deadlines: { total: 2m }
    waitUpTo: 3s
    afterCommit: error
    delivery: streamed
    upstream: asked
    on:
      ContentFiltered: { fallback: true }
      "4xx": { fallback: true }
consumers:
  - name: demo
    keys: ["demo-consumer-key"]
    models: ["qwen-*", "deepseek-*"]
`

const minimal = (routes: string, providers = "  qwen: { type: qwen, keys: [sk-demo-1] }") =>
  `version: 1\nproviders:\n${providers}\nroutes:\n${routes}\n`
const aRoute = "  - { name: a, match: { model: { prefix: q } }, targets: [{ provider: qwen }] }"

const problems = (yaml: string) =>
  Effect.map(Effect.flip(UnderstudyConfig.fromYaml(yaml, { env, source: "understudy.yaml" })), (error) => error.message)

describe("UnderstudyConfig.fromYaml", () => {
  it.effect("reads every setting of the documented example", () =>
    Effect.gen(function* () {
      const config = yield* UnderstudyConfig.fromYaml(whole, { env })
      const [qwen, deepseek, local] = config.providers
      expect(qwen?.keys.map((key) => [key.name, key.weight, key.value && Redacted.value(key.value)])).toEqual([
        [qwen?.keys[0]?.id, 1, "sk-demo-1"],
        [qwen?.keys[1]?.id, 1, "sk-demo-2"],
        ["backup", 2, "sk-demo-4"]
      ])
      expect(qwen?.base).toEqual({ origin: "https://dashscope.aliyuncs.com", path: "/compatible-mode/v1", query: "" })
      expect(qwen?.deadlines).toEqual({ connect: 5_000, firstContent: 15_000, idle: 20_000, answer: 120_000 })
      expect(qwen?.policy.healthCheckModel).toBe("qwen-turbo")
      expect(deepseek?.aliases).toEqual({ "deepseek-chat": { model: "deepseek-flash" } })
      expect(local?.keys).toEqual([])
      expect(config.routes[0]).toMatchObject({
        name: "aliyun",
        deadlines: { total: 120_000 },
        waitUpTo: 3_000,
        on: { "4xx": { fallback: true } }
      })
      expect(config.consumers[0]?.keys[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
    })
  )

  it.effect("reads named models and prices, and gives each provider its own", () =>
    Effect.gen(function* () {
      const yaml = `${minimal(aRoute)}models:
  planner: { model: qwen-plus, options: { temperature: 0, maxTokens: 9, extraBody: { enable_thinking: true } } }
  worker: { model: qwen-turbo }
prices:
  qwen-plus: { input: 0.8, output: 2, currency: CNY }
  qwen/qwen-plus: { input: 0.4, output: 1, cachedInput: 0.1, currency: CNY }
`
      const config = yield* UnderstudyConfig.fromYaml(yaml, { env })
      expect(config.models).toEqual({
        planner: {
          model: "qwen-plus",
          options: { temperature: 0, maxTokens: 9, extraBody: { enable_thinking: true } }
        },
        worker: { model: "qwen-turbo" }
      })
      expect(config.providers[0]?.prices["qwen-plus"]).toEqual({
        input: 0.4,
        output: 1,
        cachedInput: 0.1,
        currency: "CNY"
      })
    })
  )

  it.effect("takes the vendor's list for prices and contexts, and what is written for better", () =>
    Effect.gen(function* () {
      const yaml = `${minimal(aRoute)}prices: { qwen-max: { input: 9, output: 9, currency: EUR } }
`.replace("keys:", "contextLengths: { qwen-max: 5, own: 6 }, keys:")
      const [qwen] = (yield* UnderstudyConfig.fromYaml(yaml, { env })).providers
      expect(qwen?.prices["qwen-max"]).toEqual({ input: 9, output: 9, currency: "EUR" })
      expect(qwen?.prices["qwen-plus"]).toMatchObject({ input: 0.8, currency: "CNY" })
      expect(qwen?.contextLengths).toMatchObject({ "qwen-max": 5, own: 6, "qwen3.8-max": 991_808 })
    })
  )

  it.effect("refuses named models that no route takes, and says which routes there are", () =>
    Effect.gen(function* () {
      const guarded =
        "  - { name: b, match: { model: { prefix: gpt }, consumers: [me] }, targets: [{ provider: qwen }] }"
      const yaml = `${minimal(`${aRoute}\n${guarded}`)}models:
  planner: { model: deepseek-chat }
  critic: { model: gpt-5 }
  worker: { model: qwen-plus, options: { temprature: 1 } }
prices: { qwen-plus: { input: -1, output: 2 } }
`
      const unknown = yield* problems(yaml)
      expect(unknown).toContain("8:21  models.planner.model")
      expect(unknown).toContain("models.worker.options.temprature: is not a setting that exists here")
      expect(unknown).toContain("prices.qwen-plus.input: must be a number >= 0, got -1")
      expect(unknown).toContain("prices.qwen-plus.currency: is missing")
      const routeless = yield* problems(yaml.replace(", options: { temprature: 1 }", "").replace(/prices.*\n/, ""))
      expect(routeless.split("\n").slice(1)).toEqual([
        '  understudy.yaml:8:21  models.planner.model: "deepseek-chat" is taken by no route. Routes: a (q*), b (gpt*)',
        '  understudy.yaml:9:20  models.critic.model: "gpt-5" is taken by no route. Routes: a (q*), b (gpt*)'
      ])
    })
  )

  it.effect("fills in the defaults", () =>
    Effect.gen(function* () {
      const config = yield* UnderstudyConfig.fromYaml(minimal(aRoute), { env })
      expect(config.server).toEqual({
        host: "127.0.0.1",
        port: 8080,
        maxBody: 20 * 1024 * 1024,
        log: "text",
        heartbeat: 15_000,
        cors: [],
        hosts: [],
        trustedProxies: []
      })
      expect(config.providers[0]?.policy).toMatchObject({
        failureThreshold: 1,
        successThreshold: 1,
        healthCheckInterval: 5_000,
        healthCheckTimeout: 10_000
      })
      expect(config.routes[0]).toMatchObject({
        deadlines: { total: 600_000 },
        waitUpTo: 3_000,
        delivery: "streamed",
        upstream: "asked"
      })
      expect(config.consumers).toEqual([])
    })
  )

  const malformed: ReadonlyArray<[name: string, yaml: string, says: string]> = [
    ["YAML that is none", "version: 1\nproviders: [", "understudy.yaml:2:13  not valid YAML"],
    [
      "a variable that is not set",
      minimal(aRoute, '  qwen: { type: qwen, keys: ["${NOT_SET}"] }'),
      "understudy.yaml:3:30  environment variable NOT_SET is not set"
    ],
    [
      "a variable that is empty",
      minimal(aRoute, '  qwen: { type: qwen, keys: ["${EMPTY}"] }'),
      "environment variable EMPTY is not set"
    ],
    [
      "another version",
      minimal(aRoute).replace("version: 1", "version: 2"),
      "understudy.yaml:1:10  version: must be 1, got 2"
    ],
    [
      "a type that does not exist",
      minimal(aRoute, "  qwen: { type: quen, keys: [sk-demo-1] }"),
      `understudy.yaml:3:17  providers.qwen.type: must be ${typeNames}, got "quen"; did you mean "qwen"?`
    ],
    [
      "a setting that does not exist",
      minimal(aRoute, "  qwen: { type: qwen, keys: [sk-demo-1], key: 1 }"),
      "providers.qwen.key: is not a setting that exists here"
    ],
    [
      "a duration without a unit",
      minimal(aRoute.replace("targets", "waitUpTo: 5, targets")),
      "routes[0].waitUpTo: must be a duration such as 500ms, 5s, 2m or 1h, got 5"
    ],
    [
      "a duration with an unknown unit",
      minimal(aRoute.replace("targets", "waitUpTo: 5d, targets")),
      'routes[0].waitUpTo: must be a duration such as 500ms, 5s, 2m or 1h, got "5d"'
    ],
    [
      "a threshold below 1",
      minimal(aRoute, "  qwen: { type: qwen, keys: [sk-demo-1], keyFailover: { failureThreshold: 0 } }"),
      "providers.qwen.keyFailover.failureThreshold: must be a whole number >= 1, got 0"
    ],
    [
      "a vendor without a key",
      minimal(aRoute, "  qwen: { type: qwen }"),
      "providers.qwen.keys: needs at least one key: qwen refuses requests without"
    ],
    [
      "a server without an address",
      minimal(aRoute, "  qwen: { type: openai-compatible }"),
      "providers.qwen.baseUrl: is missing"
    ],
    [
      "an address that is none",
      minimal(aRoute, '  qwen: { type: openai-compatible, baseUrl: "ftp://x" }'),
      'baseUrl: must start with http:// or https://, got "ftp://"'
    ],
    [
      "a target that does not exist",
      minimal(aRoute.replace("provider: qwen", "provider: gwen")),
      'routes[0].targets[0].provider: "gwen" is not configured. Providers: qwen'
    ],
    [
      "a route without targets",
      minimal("  - { name: a, match: { model: { prefix: q } }, targets: [] }"),
      "routes[0].targets: must be at least one target"
    ],
    [
      "two conditions on the model",
      minimal(aRoute.replace("prefix: q", "prefix: q, exact: q")),
      "routes[0].match.model: needs exactly one of exact, prefix and regex, got exact, prefix"
    ],
    [
      "an expression that does not compile",
      minimal(aRoute.replace("prefix: q", 'regex: "("')),
      "routes[0].match.model.regex: does not compile"
    ],
    [
      "an override of nothing",
      minimal(aRoute.replace("targets", "on: { Overlord: { fallback: true } }, targets")),
      "routes[0].on.Overlord: is no reason, status"
    ],
    ["two routes of one name", minimal(`${aRoute}\n${aRoute}`), "routes[1].name: this name is there twice"],
    [
      "no routes",
      "version: 1\nproviders:\n  qwen: { type: qwen, keys: [sk-demo-1] }\nroutes: []\n",
      "routes: needs at least one route"
    ],
    ["a list where a map belongs", "version: 1\nproviders: []\nroutes: []\n", "providers: must be an object, got []"],
    ["a text instead of a configuration", "hello", 'must be an object, got "hello"'],
    ["nothing", "", "is empty: `understudy init` writes one"]
  ]

  it.effect.each(malformed)("refuses %s", ([, yaml, says]) =>
    Effect.map(problems(yaml), (message) => expect(message).toContain(says))
  )

  it.effect("reports every problem at once", () =>
    Effect.map(
      problems(minimal("  - { name: a, match: { model: {} }, targets: [{ provider: x }, { provider: y }] }")),
      (message) => {
        expect(message.split("\n")[0]).toBe("understudy.yaml: 3 problems")
      }
    )
  )

  it.effect("never shows a key, not even one of the wrong type", () =>
    Effect.gen(function* () {
      const message = yield* problems(
        minimal(aRoute, "  qwen: { type: qwen, keys: [123456789, { value: sk-demo-secret, weight: -1 }], type2: x }")
      )
      expect(message).not.toContain("123456789")
      expect(message).not.toContain("sk-demo-secret")
    })
  )

  it.effect("survives a YAML bomb", () =>
    Effect.gen(function* () {
      const levels = Array.from(
        { length: 9 },
        (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 9 }, () => `*l${i}`).join(",")}]`
      )
      const bomb = ["l0: &l0 x", ...levels].join("\n")
      expect(yield* problems(bomb)).toContain("understudy.yaml")
    })
  )
})

describe("UnderstudyConfig.load", () => {
  it.effect("says which file does not exist and what to do", () =>
    Effect.map(Effect.flip(UnderstudyConfig.load({ path: "/nowhere/understudy.yaml", env: {} })), (error) => {
      expect(error.message).toContain("/nowhere/understudy.yaml")
      expect(error.message).toContain("understudy init")
    })
  )

  it.effect("takes the file from UNDERSTUDY_CONFIG", () =>
    Effect.map(Effect.flip(UnderstudyConfig.load({ env: { UNDERSTUDY_CONFIG: "/nowhere/else.yaml" } })), (error) => {
      expect(error.message).toContain("/nowhere/else.yaml")
    })
  )
})

describe("BaseUrl.parse", () => {
  const parse = (value: string, path = "/v1") => {
    const result = BaseUrl.parse(value, path)
    if (Result.isFailure(result)) return `refused: ${toText({ _tag: "BadAddress", flaw: result.failure })}`
    const { origin, path: own, query } = result.success
    return origin + own + query
  }
  it.each([
    ["https://api.deepseek.com", "https://api.deepseek.com/v1"],
    ["https://api.deepseek.com/", "https://api.deepseek.com/v1"],
    ["api.deepseek.com", "https://api.deepseek.com/v1"],
    ["127.0.0.1:8080", "http://127.0.0.1:8080/v1"],
    ["localhost:8080/v1", "http://localhost:8080/v1"],
    ["LOCALHOST:8080/v1", "http://localhost:8080/v1"],
    ["[::1]:8080", "http://[::1]:8080/v1"],
    ["192.168.1.5:8000", "http://192.168.1.5:8000/v1"],
    ["172.31.0.2:8000", "http://172.31.0.2:8000/v1"],
    ["172.32.0.2:8000", "https://172.32.0.2:8000/v1"],
    ["ollama:11434", "http://ollama:11434/v1"],
    ["host.docker.internal:11434/v1", "http://host.docker.internal:11434/v1"],
    ["//x.example/v1", "https://x.example/v1"],
    ["https:/x.example/v1", "https://x.example/v1"],
    ["https://x.example//v1//", "https://x.example/v1"],
    ["https://x.example/v1/Chat/Completions", "https://x.example/v1"],
    ["https://x.example/v1/completions", "https://x.example/v1"],
    ["https://x.example/v1/chat/completions/chat/completions", "https://x.example/v1"],
    ["https//x.example/v1", 'refused: is not a URL: "https//x.example/v1"'],
    ["https://https://x.example/v1", 'refused: is not a URL: "https://https://x.example/v1"'],
    ["“https://x.example/v1”", 'refused: is not a URL: "“https://x.example/v1”"'],
    ["file:///etc/v1", 'refused: must start with http:// or https://, got "file://"'],
    ["http://192.168.65.185:8080/v1", "http://192.168.65.185:8080/v1"],
    ["http://127.0.0.1:8080/v1/chat/completions", "http://127.0.0.1:8080/v1"],
    ["http://127.0.0.1:8080/v1/chat/completions/", "http://127.0.0.1:8080/v1"],
    ["http://127.0.0.1:8080/chat/completions", "http://127.0.0.1:8080"],
    ["http://127.0.0.1:9090/qwen/compatible-mode/v1", "http://127.0.0.1:9090/qwen/compatible-mode/v1"],
    ["https://ark.example/api/v3", "https://ark.example/api/v3"],
    ["https://x.example?api-version=2024-06-01", "https://x.example/v1?api-version=2024-06-01"],
    ["https://x.example/v1/?a=1&b=%20", "https://x.example/v1?a=1&b=%20"],
    ["https://x.example/openai/deployments/d/chat/completions?a=1", "https://x.example/openai/deployments/d?a=1"],
    ["https://x.example/v1#part", "refused: must not hold a fragment (#…): it would not be sent"],
    ["https://x.ex\u200bample/v1", 'refused: holds an invisible character (U+200B): "https://x.example/v1"'],
    ["http://user:s3cret@x y/v1?key=s3cret", 'refused: is not a URL: "http://…@x y/v1?…"'],
    [" https://x.example/v1\n", "https://x.example/v1"],
    ["ftp://x", 'refused: must start with http:// or https://, got "ftp://"'],
    ["http://user:pw@x", "refused: must not hold credentials: put the key under `keys`"],
    ["not a url", 'refused: is not a URL: "not a url"'],
    ["", 'refused: is not a URL: ""']
  ])("reads %s as %s", (value, expected) => {
    expect(parse(value)).toBe(expected)
  })
})

describe("Matcher", () => {
  const matcher = (model: Matcher.ModelMatch, more: Partial<Matcher.Matcher> = {}): Matcher.Matcher => ({
    model,
    headers: {},
    consumers: [],
    ...more
  })
  const exact = matcher({ _tag: "Exact", value: "qwen-max" })
  const short = matcher({ _tag: "Prefix", value: "qwen-" })
  const long = matcher({ _tag: "Prefix", value: "qwen-max" })
  const regex = matcher({ _tag: "Regex", value: /^qwen/ })

  it("orders exact before prefix before regex, and long prefixes before short ones", () => {
    expect(Matcher.sort([regex, short, long, exact].map((match) => ({ match }))).map(({ match }) => match)).toEqual([
      exact,
      long,
      short,
      regex
    ])
  })

  it("asks for headers and consumers on top of the model", () => {
    const picky = matcher({ _tag: "Prefix", value: "qwen-" }, { headers: { "x-tier": "gold" }, consumers: ["demo"] })
    expect(
      Matcher.mismatch(picky, { model: "qwen-max", headers: { "x-tier": "gold" }, consumer: "demo" })
    ).toBeUndefined()
    expect(Matcher.mismatch(picky, { model: "qwen-max", headers: {}, consumer: "demo" })).toEqual({
      _tag: "OtherHeader",
      name: "x-tier",
      value: "gold"
    })
    expect(Matcher.mismatch(picky, { model: "qwen-max", headers: { "x-tier": "gold" } })).toEqual({
      _tag: "OtherConsumer",
      consumers: ["demo"]
    })
    expect(Matcher.mismatch(picky, { model: "gpt" })).toEqual({ _tag: "OtherModel", model: picky.model })
  })
})
