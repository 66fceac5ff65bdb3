import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { ConfigError, issue } from "../../src/config/ConfigError.ts"
import * as UnderstudyConfig from "../../src/config/UnderstudyConfig.ts"
import * as Problem from "../../src/internal/config/Problem.ts"
import * as Suggest from "../../src/internal/config/Suggest.ts"

const source = "understudy.yaml"

const refused = (yaml: string, env: UnderstudyConfig.Environment = {}) =>
  Effect.map(Effect.flip(UnderstudyConfig.fromYaml(yaml, { env, source })), ({ message }) =>
    message
      .split("\n")
      .slice(1)
      .map((line) => line.trim())
  )

const rest = `
routes:
  - { name: a, match: { model: { prefix: q } }, targets: [{ provider: qwen }] }
`

describe("a configuration with several mistakes", () => {
  it.effect(
    "tells the YAML's, the shape's, the references' and the environment's at once, in the order of the lines",
    () =>
      Effect.map(
        refused(`version: 1
server:
  host: 127.0.0.1
  port: 70000
  port: 70000
providers:
  qwen:
    type: qwen
    key: sk-demo-1
    keys: ["\${QWEN_KEY}"]
  deepseek: { type: deepseek }
routes:
  - name: a
    match: { model: { prefix: q } }
    targets: [{ provider: quen }]
    on: { RateLimit: { fallback: true } }
`),
        (lines) =>
          expect(lines).toEqual([
            "understudy.yaml:4:9  server.port: must be a port between 0 and 65535, got 70000",
            "understudy.yaml:5:3  not valid YAML: Map keys must be unique",
            'understudy.yaml:9:5  providers.qwen.key: is not a setting that exists here: did you mean "keys"?',
            "understudy.yaml:10:12  environment variable QWEN_KEY is not set. Set it (a .env file works: node --env-file=.env …), or give a default: ${QWEN_KEY:-…}",
            "understudy.yaml:11:3  providers.deepseek.keys: needs at least one key: deepseek refuses requests without",
            'understudy.yaml:15:27  routes[0].targets[0].provider: "quen" is not configured. Providers: qwen, deepseek; did you mean "qwen"?',
            expect.stringMatching(
              /^understudy\.yaml:16:11 {2}routes\[0\]\.on\.RateLimit: is no reason, .*; did you mean "RateLimited"\?$/
            )
          ])
      )
  )

  it.effect("tells everything wrong about variables, not what follows from their being unset", () =>
    Effect.map(
      refused(`version: 1
server: { port: "\${PORT}" }
providers:
  qwen: { type: "\${TYPE}", keys: ["\${KEY}"], baseUrl: "\${URL}" }
models: { planner: { model: "\${MODEL}" } }
routes:
  - { name: a, match: { model: { regex: "(\${PATTERN}" } }, targets: [{ provider: "\${PROVIDER}" }] }
  - { name: b, match: { model: { exact: "\${MODEL}" } }, targets: [{ provider: qwen }, { provider: kwen }] }
`),
      (lines) => {
        expect(lines.filter((line) => line.includes("environment variable"))).toHaveLength(8)
        expect(lines.filter((line) => !line.includes("environment variable"))).toEqual([
          'understudy.yaml:8:99  routes[1].targets[1].provider: "kwen" is not configured. Providers: qwen; did you mean "qwen"?'
        ])
      }
    )
  )

  it.effect("says of the text before broken YAML what is wrong there, and nothing that only the break has caused", () =>
    Effect.gen(function* () {
      const lines = yield* refused(`version: 2
server: { prt: 1 }
providers:
  qwen: { type: qwen, keys: [sk-demo-1 }
routes:
  - { name: a, match: { model: { prefix: q } }, targets: [{ provider: qwen }] }
`)
      expect(lines[0]).toBe("understudy.yaml:1:10  version: must be 1, got 2")
      expect(lines[1]).toBe('understudy.yaml:2:11  server.prt: is not a setting that exists here: did you mean "port"?')
      expect(lines.slice(2).filter((line) => !/^understudy\.yaml:[4-7]:\d+ {2}not valid YAML: /.test(line))).toEqual([])
      expect(lines.length).toBeGreaterThan(2)
    })
  )

  it.effect("checks the rest of a provider, a route and a consumer of which a part is refused", () =>
    Effect.map(
      refused(`version: 1
providers:
  qwen: { type: qwen, keys: [5, sk-demo-1], baseUrl: "ftp://x", weight: 1 }
routes:
  - { name: a, match: { model: { prefix: 5 } }, targets: [{ provider: qwen, wieght: 1 }, { provider: qwem }] }
  - { name: a, match: {}, targets: [] }
consumers:
  - { name: c, keys: [] }
  - { name: d, keys: ["sha256:1"] }
  - { name: d, keys: [k] }
`),
      (lines) =>
        expect(
          lines.map((line) => line.replace(/^understudy\.yaml:/, "").replace(/ {2}(\S+): (\S+ \S+).*/, " $1 $2"))
        ).toEqual([
          "3:30 providers.qwen.keys[0] must be",
          "3:54 providers.qwen.baseUrl must start",
          "3:65 providers.qwen.weight is not",
          "5:42 routes[0].match.model.prefix must be",
          "5:77 routes[0].targets[0].wieght is not",
          '5:102 routes[0].targets[1].provider "qwem" is',
          "6:13 routes[1].name this name",
          "6:16 routes[1].match.model is missing",
          "6:27 routes[1].targets must be",
          "8:16 consumers[0].keys must be",
          "9:23 consumers[1].keys[0] sha256: must",
          "10:13 consumers[2].name this name"
        ])
    )
  )
})

it.effect.each([
  ["type qwen", "(is a colon missing? A full-width one (：) is none)"],
  ["type: qwen: x", "(a text with a colon in it needs quotes)"],
  ["type: @qwen", "(a text that begins with it needs quotes)"]
])("says of YAML that cannot be read what to do about it: %s", ([line, expected]) =>
  Effect.map(refused(`version: 1\nproviders:\n  qwen:\n    ${line}\n    keys: []\n`), (lines) =>
    expect(lines.join("\n")).toContain(expected)
  )
)

it.effect("says of a second document that there is no place for it, and nothing that only programmers understand", () =>
  Effect.map(refused("version: 1\n---\nversion: 1\n"), ([line]) => {
    expect(line).toContain("a file holds one configuration")
    expect(line).not.toContain("parseAllDocuments")
  })
)

it.effect("says as data what all would do at a place, for whoever tells it in another language", () =>
  Effect.map(
    Effect.flip(UnderstudyConfig.fromYaml(`version: 1\nproviders:\n  qwen: { type: qwen, keys: [null] }${rest}`)),
    ({ issues }) =>
      expect(issues.map(({ problem }) => problem)).toMatchObject([{ _tag: "Unexpected", kinds: ["text", "object"] }])
  )
)

it.effect("says where an alias stands that stands for nothing", () =>
  Effect.map(refused(`version: 1\nproviders:\n  qwen: { type: *nope, keys: [sk-demo-1] }${rest}`), (lines) =>
    expect(lines).toEqual([
      "understudy.yaml:3:17  *nope stands for nothing: no &nope stands before it. A text that begins with * needs quotes"
    ])
  )
)

const server = (text: string) =>
  `version: 1\nserver: ${text}\nproviders: { qwen: { type: qwen, keys: [sk-demo-1] } }${rest}`

it.effect.each<readonly [string, string]>([
  ["a bare name", '{ host: "$HOST" }'],
  ["a name that is none", '{ host: "${MY-HOST}" }'],
  ["a shell's default", '{ host: "${HOST-localhost}" }'],
  ["a variable within a default", '{ host: "${A:-${B}}" }'],
  ["a brace that is not closed", '{ host: "x.${HOST" }']
])("says how a variable is written where there is %s", ([, text]) =>
  Effect.map(refused(server(text), { HOST: "h", A: "a", B: "b" }), (lines) =>
    expect(lines).toEqual([
      "understudy.yaml:2:17  holds a variable in a form that is not read: write ${NAME} or ${NAME:-default}, and $$ for a dollar sign itself"
    ])
  )
)

it.effect("takes a number out of a quoted variable, as it tells people to write it", () =>
  Effect.map(
    UnderstudyConfig.fromYaml(server('{ port: "${PORT:-8123}", host: "a$b$$c" }'), { env: {} }),
    ({ server: { host, port } }) => expect([host, port]).toEqual(["a$b$c", 8123])
  )
)

it.effect("merges what a block names with <<", () =>
  Effect.map(
    UnderstudyConfig.fromYaml(
      `version: 1
providers:
  qwen: &common { type: qwen, keys: [sk-demo-1], selection: weighted }
  second: { <<: *common, keys: [sk-demo-2] }${rest}`,
      { env: {} }
    ),
    ({ providers }) =>
      expect(providers.map(({ keys, selection }) => [selection, keys.length])).toEqual([
        ["weighted", 1],
        ["weighted", 1]
      ])
  )
)

it.effect("says of an empty file and of a map for a list what they are", () =>
  Effect.gen(function* () {
    expect(yield* refused("# nothing yet\n")).toEqual(["understudy.yaml  is empty: `understudy init` writes one"])
    expect(yield* refused(server("{ cors: { a: b } }"))).toEqual([
      'understudy.yaml:2:11  server.cors: must be a list, got {"a":"b"}'
    ])
    const target = server("{}").replace("targets: [{ provider: qwen }]", "targets: { provider: qwen }")
    expect(yield* refused(target)).toEqual([
      'understudy.yaml:5:49  routes[0].targets: must be a list, got {"provider":"qwen"}'
    ])
  })
)

it.effect("refuses a deadline of nothing: every call would end by it", () =>
  Effect.map(refused(server("{}").replace("type: qwen", "type: qwen, deadlines: { idle: 0s }")), (lines) =>
    expect(lines).toEqual([
      'understudy.yaml:3:53  providers.qwen.deadlines.idle: must be a duration longer than 0, such as 500ms, 5s, 2m or 1h, got "0s"'
    ])
  )
)

it.effect("says of a block that YAML cannot read only that, and where", () =>
  Effect.map(refused("version: 1\nproviders:\n\tqwen: { type: qwen }\n"), (lines) =>
    expect(lines).toEqual(["understudy.yaml:3:1  not valid YAML: Tabs are not allowed as indentation"])
  )
)

describe("the place of a problem", () => {
  const places: ReadonlyArray<[what: string, yaml: string, place: string]> = [
    [
      "the key of a setting that does not exist, though its value begins a line later",
      `version: 1\nserver:\n  cros:\n    - x\nproviders: { qwen: { type: qwen, keys: [k] } }${rest}`,
      "3:3  server.cros"
    ],
    [
      "the key of a block that should be something else",
      `version: 1\nserver:\n  - x\nproviders: { qwen: { type: qwen, keys: [k] } }${rest}`,
      "2:1  server: must be an object"
    ],
    [
      "the key of a setting without a value",
      `version: 1\nserver:\n  port:\nproviders: { qwen: { type: qwen, keys: [k] } }${rest}`,
      "3:3  server.port: must be a port"
    ],
    [
      "the key of what a setting is missing in",
      `version: 1\nproviders:\n  qwen:\n    keys: [k]${rest}`,
      "3:3  providers.qwen.type: is missing"
    ],
    [
      "the element of a list that a setting is missing in",
      `version: 1\nproviders: { qwen: { type: qwen, keys: [k] } }\nroutes:\n  - match: { model: { prefix: q } }\n    targets: [{ provider: qwen }]\n`,
      "4:5  routes[0].name: is missing"
    ],
    [
      "a scalar's own place",
      `version: 1\nproviders: { qwen: { type: quen, keys: [k] } }${rest}`,
      "2:28  providers.qwen.type: must be"
    ]
  ]
  it.effect.each(places)("is %s", ([, yaml, place]) =>
    Effect.map(refused(yaml), (lines) => expect(lines[0]).toContain(`understudy.yaml:${place}`))
  )
})

describe("a name that does not exist", () => {
  const names: ReadonlyArray<[yaml: string, says: string]> = [
    [
      `version: 1\nprovider: {}\nproviders: { qwen: { type: qwen, keys: [k] } }${rest}`,
      'provider: is not a setting that exists here: did you mean "providers"?'
    ],
    [`version: 1\nproviders: { qwen: { type: Quen, keys: [k] } }${rest}`, 'got "Quen"; did you mean "qwen"?'],
    [
      `version: 1\nproviders: { qwen: { type: qwen, keys: [{ valeu: k }] } }${rest}`,
      'keys[0].valeu: is not a setting that exists here: did you mean "value"?'
    ],
    [
      `version: 1\nserver: { xyzzy: 1 }\nproviders: { qwen: { type: qwen, keys: [k] } }${rest}`,
      "server.xyzzy: is not a setting that exists here. Settings: "
    ]
  ]
  it.effect.each(names)("is told with the one that was meant, or with those there are (%#)", ([yaml, says]) =>
    Effect.map(refused(yaml), (lines) => expect(lines.join("\n")).toContain(says))
  )

  it.each([
    ["quen-1", "qwen-1"],
    ["QWEN-2", "qwen-2"],
    ["cut", "cut.midstream"],
    ["entirely", undefined],
    ["c", undefined]
  ])("%s is taken for %s", (name, meant) => {
    expect(Suggest.nearest(name, ["qwen-1", "qwen-2", "cut.midstream"])).toBe(meant)
  })

  it("is not compared letter by letter when it is far too long to be one", () => {
    const name = "q".repeat(100_000)
    expect(Suggest.nearest(name, [name])).toBeUndefined()
  })
})

describe("a variable without quotes", () => {
  it.effect("is told with its quotes where YAML takes its brace for a map", () =>
    Effect.gen(function* () {
      expect(
        yield* refused(`version: 1\nproviders: { qwen: { type: qwen, keys: [\${KEY}] } }${rest}`, { KEY: "k" })
      ).toEqual(['understudy.yaml:2:42  inside of [ ] and { } a variable needs quotes: "${KEY}"'])
      expect(
        yield* refused(
          `version: 1\nserver: { port: \${PORT} }\nproviders: { qwen: { type: qwen, keys: [k] } }${rest}`,
          { PORT: "1" }
        )
      ).toEqual(['understudy.yaml:2:18  inside of [ ] and { } a variable needs quotes: "${PORT}"'])
    })
  )
})

describe("a number from a variable", () => {
  const yaml = (port: string, more = "") =>
    `version: 1\nserver:\n  port: ${port}\nproviders:\n  qwen:\n    type: qwen\n    keys:\n      - \${KEY}\n${more}${rest}`

  it.effect("is a number where the setting is one, and a text where the setting is a text", () =>
    Effect.map(
      UnderstudyConfig.fromYaml(yaml("${PORT}", "    prefill: ${ON}"), {
        env: { PORT: "8123", KEY: "123456", ON: "false" }
      }),
      ({ providers, server }) => {
        expect(server.port).toBe(8123)
        expect(providers[0]?.keys).toHaveLength(1)
      }
    )
  )

  it.effect("is refused as the number that it is, or as the text", () =>
    Effect.gen(function* () {
      const env = { KEY: "k" }
      expect(yield* refused(yaml("${PORT}"), { ...env, PORT: "70000" })).toEqual([
        "understudy.yaml:3:9  server.port: must be a port between 0 and 65535, got 70000"
      ])
      expect(yield* refused(yaml("${PORT}"), { ...env, PORT: "eighty" })).toEqual([
        'understudy.yaml:3:9  server.port: must be a port between 0 and 65535, got "eighty"'
      ])
      expect(yield* refused(yaml('"8080"'), env)).toHaveLength(1)
    })
  )
})

describe("a problem as data", () => {
  it.effect("stands beside the words, with its place", () =>
    Effect.map(
      Effect.flip(
        UnderstudyConfig.fromYaml(`version: 1\nproviders: { qwen: { type: qwen, keys: ["\${A}"], tpye: 1 } }${rest}`, {
          env: {}
        })
      ),
      ({ issues }) =>
        expect(issues).toMatchObject([
          { line: 2, column: 41, problem: { _tag: "UnsetVariable", name: "A" } },
          { line: 2, path: ["providers", "qwen", "tpye"], problem: { _tag: "UnknownSetting", meant: "type" } }
        ])
    )
  )

  it("is said in other texts, where there are some", () => {
    const texts = { ...Problem.english, Missing: () => "fehlt" }
    expect(Problem.toText({ _tag: "Missing" }, texts)).toBe("fehlt")
    expect(Problem.toText({ _tag: "Missing" })).toBe("is missing")
  })

  it("leaves an error readable whose issues have words only", () => {
    const error = new ConfigError({ source, issues: [{ path: ["a"], message: "b" }, issue([], { _tag: "NoRoute" })] })
    expect(error.message).toBe(
      "understudy.yaml: 2 problems\n  understudy.yaml  a: b\n  understudy.yaml  needs at least one route: without one no model can be asked for"
    )
  })
})
