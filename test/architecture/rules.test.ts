import { expect, it } from "vitest"
import { cycles } from "./rules/cycles.ts"
import { allowedImports, closedInsides, layers } from "./rules/dependencies.ts"
import { determinism } from "./rules/determinism.ts"
import { docstrings } from "./rules/docstrings.ts"
import { closedToFaces, publicModules } from "./rules/doors.ts"
import { reasonsByName } from "./rules/reasons.ts"
import { fileSizes, functionSizes, noAny } from "./rules/size.ts"
import { stability } from "./rules/stability.ts"
import { registries, secrets } from "./rules/text.ts"
import { vendors } from "./rules/vendors.ts"
import { parse, type Source, type Violation } from "./Source.ts"

type Rule = (sources: ReadonlyArray<Source>) => ReadonlyArray<Violation>

const declarations = `
/** @stability stable */
export declare const make: number
/** @stability unstable */
export declare function limitBytes(): void
declare const _catch: number
export {
  /** @stability experimental */
  _catch as catch
}`

const stable: Rule = (sources) =>
  stability(sources, (specifier) => {
    if (specifier === "effect/Stream") return declarations
    return specifier === "effect/Graph" ? "/** @stability unstable */\nexport {}" : undefined
  })

const timer = { path: "packages/core/src/upstream/A.ts", name: "setTimeout", reason: "one re-armed timer" } as const
const plain: Rule = (sources) => determinism(sources, [])
const withTimer: Rule = (sources) => determinism(sources, [timer])
const named = { path: "packages/cli/src/B.ts", name: "TimedOut", reason: "a tool's" } as const
const byName: Rule = (sources) => reasonsByName(sources, ["TimedOut", "Overloaded"], [])
const withNamesake: Rule = (sources) => reasonsByName(sources, ["TimedOut", "Overloaded"], [named])

const acme = parse({ path: "packages/core/src/internal/provider/acme/Acme.ts", text: 'export const type = "acme"' })
const withAcme: Rule = (sources) => vendors([acme, ...sources], [])
const withData: Rule = (sources) =>
  vendors([acme, ...sources], [{ path: "packages/lab/src/A.ts", reason: "its words" }])

const index = parse({ path: "packages/core/src/index.ts", text: 'export * as A from "./key/A.ts"' })
const opened = { path: "packages/core/src/key/B.ts", reason: "for many" } as const
const withIndex: Rule = (sources) => publicModules([index, ...sources], [], 2)
const withDoor: Rule = (sources) => publicModules([index, ...sources], [opened], 2)
const withOne: Rule = (sources) => publicModules([index, ...sources], [], 1)

const lines = (count: number): string => Array.from({ length: count }, (_, n) => `f(${n})`).join("\n")
const fn = (count: number): string => `const f = () => {\n${lines(count - 2)}\n}`

/** Rule, file, text, and the `line message-part` that it must find; left out: nothing is found. */
const cases: ReadonlyArray<readonly [Rule, path: string, text: string, expected?: string]> = [
  [allowedImports, "packages/core/src/key/A.ts", `import * as Effect from "effect/Effect"`],
  [allowedImports, "packages/core/src/key/A.ts", `\nimport { Effect } from "effect"`, "2 core may not import"],
  [allowedImports, "packages/core/src/key/A.ts", `import { Pool } from "undici"`, "1 core may not import"],
  [allowedImports, "packages/core/src/upstream/A.ts", `import { Pool } from "undici"`],
  [allowedImports, "packages/core/src/config/A.ts", `import { parse } from "yaml"`],
  [allowedImports, "packages/core/src/route/A.ts", `import { parse } from "yaml"`, "only under src/config"],
  [allowedImports, "packages/core/src/wire/A.ts", `import type { OpenAI } from "openai/resources"`],
  [allowedImports, "packages/core/src/wire/A.ts", `export type A = import("openai").OpenAI`],
  [allowedImports, "packages/core/src/wire/A.ts", `import { type OpenAI } from "openai"`, "1 core may not import"],
  [allowedImports, "packages/core/src/upstream/A.ts", `import OpenAI from "openai"`],
  [allowedImports, "packages/core/src/wire/A.ts", `const a = import("left-pad")`, "1 core may not import"],
  [allowedImports, "packages/core/src/wire/A.ts", `export * from "@understudy/gateway"`, "1 core may not import"],
  [allowedImports, "packages/core/src/wire/A.ts", `export * from "@understudy/core/key/B"`, "by a relative path"],
  [allowedImports, "packages/gateway/src/A.ts", `import * as A from "@understudy/core/Understudy"`],
  [allowedImports, "packages/gateway/src/A.ts", `import "@understudy/chat-model"`, "1 gateway may not"],
  [allowedImports, "packages/chat-model/src/A.ts", `import "@understudy/gateway"`, "1 chat-model may not"],
  [
    allowedImports,
    "packages/cli/src/main.ts",
    `import "@understudy/gateway"\nimport "@effect/platform-node/NodeRuntime"`
  ],
  [allowedImports, "mocks/src/A.ts", `import { http } from "msw"\nimport "node:http"`],
  [allowedImports, "mocks/src/A.ts", `import "@understudy/core"`, "1 mocks may not"],
  [allowedImports, "mocks/src/A.ts", `import "effect/Effect"`, "only under src/effect"],
  [allowedImports, "mocks/src/effect/A.ts", `import "effect/Effect"`],
  [allowedImports, "packages/newcomer/src/A.ts", `import "effect/Effect"`, "no row"],
  [closedInsides, "packages/core/test/A.test.ts", `import "../src/internal/a.ts"\nimport "@understudy/mocks"`],
  [
    closedInsides,
    "packages/cli/src/A.ts",
    `import "@understudy/core/internal/a"`,
    '1 "@understudy/core/internal/a" is internal'
  ],
  [closedInsides, "packages/cli/src/A.ts", `import "@understudy/core/key/internal/a"`, "is internal"],
  [closedInsides, "packages/cli/src/A.ts", `import "../../core/src/A.ts"`, "reaches into another package"],
  [closedInsides, "test/gateway/A.test.ts", `import "../../packages/core/src/A.ts"`, "reaches into another package"],
  [closedInsides, "docs/examples/a.ts", `import "@understudy/chat-model"`],
  [closedInsides, "mocks/test/A.test.ts", `import "@understudy/core"`, "independent oracle"],
  [closedToFaces, "packages/gateway/src/A.ts", `import { Headers } from "@understudy/core/face/Face"`],
  [closedToFaces, "packages/gateway/src/A.ts", `import "@understudy/core/internal/call/Next"`, '1 "@understudy/core'],
  [
    closedToFaces,
    "packages/chat-model/src/A.ts",
    `import "@understudy/core/internal/provider/qwen/Qwen"`,
    "one vendor's"
  ],
  [closedToFaces, "packages/core/src/internal/face/A.ts", `import "../provider/deepseek/DeepSeek.ts"`, "one vendor's"],
  [closedToFaces, "packages/core/src/face/A.ts", `import "../internal/wire/B.ts"`],
  [withIndex, "packages/core/src/key/A.ts", ""],
  [withIndex, "packages/core/src/internal/key/B.ts", ""],
  [withIndex, "packages/core/src/key/B.ts", "", "neither in index.ts nor a door"],
  [withDoor, "packages/core/src/key/B.ts", ""],
  [withDoor, "packages/core/src/key/A.ts", "", "does not exist"],
  [withOne, "packages/core/src/key/A.ts", "", "public module 2 of 1"],
  [layers, "packages/core/src/key/A.ts", `import "../wire/B.ts"\nimport "./C.ts"`],
  [layers, "packages/core/src/wire/A.ts", `import "../key/B.ts"`, "1 src/wire may not import"],
  [layers, "packages/core/src/config/A.ts", `import "../Understudy.ts"`, "1 src/config may not import"],
  [layers, "packages/core/src/Understudy.ts", `import "./config/B.ts"`],
  [layers, "packages/core/src/helpers/A.ts", `import "../wire/B.ts"`, "not a layer of core"],
  [layers, "packages/lab/src/report/A.ts", `import "../verdict/B.ts"\nimport "@understudy/core/key/C"`],
  [
    layers,
    "packages/lab/src/scenario/A.ts",
    `import "../run/B.ts"`,
    "why: the inside of lab depends one way: scenario <-"
  ],
  [
    layers,
    "packages/lab/src/run/A.ts",
    `import type { A } from "../verdict/B.ts"`,
    "do: move what both need down to src/run"
  ],
  [layers, "packages/lab/src/vitest/A.ts", `import "../Lab.ts"`],
  [layers, "packages/lab/src/report/A.ts", `import "../Lab.ts"`, "1 src/report may not import"],
  [layers, "packages/gateway/src/a/A.ts", `import "../b/B.ts"`],
  [stable, "packages/core/src/A.ts", `import * as Stream from "effect/Stream"\nStream.make`],
  [stable, "packages/core/src/A.ts", `import * as Stream from "effect/Stream"\nStream.limitBytes()`, "2 limitBytes of"],
  [
    stable,
    "packages/core/src/A.ts",
    `import * as Stream from "effect/Stream"\nStream.catch`,
    "catch of effect/Stream is experimental"
  ],
  [
    stable,
    "packages/core/src/A.ts",
    `import * as Stream from "effect/Stream"\ntype A = Stream.limitBytes`,
    "2 limitBytes of"
  ],
  [
    stable,
    "packages/core/src/A.ts",
    `import { limitBytes } from "effect/Stream"`,
    "1 limitBytes of effect/Stream is unstable"
  ],
  [stable, "packages/core/src/A.ts", `import * as Graph from "effect/Graph"`, "1 effect/Graph is unstable"],
  [stable, "packages/core/src/A.ts", `import * as Gone from "effect/Gone"`, "1 effect/Gone is not a module"],
  [plain, "packages/core/src/A.ts", "const a = Date.now()", "1 Date.now"],
  [plain, "packages/core/src/A.ts", "const a = globalThis.Date.now", "1 Date.now"],
  [plain, "packages/core/src/A.ts", "const a = new Date()", "1 new Date()"],
  [plain, "packages/core/src/A.ts", "const a = new Date(0)"],
  [plain, "packages/core/src/A.ts", "\nconst a = Math.random()", "2 Math.random"],
  [plain, "packages/core/src/A.ts", "AbortSignal.timeout(1)", "1 AbortSignal.timeout"],
  [plain, "packages/core/src/A.ts", "globalThis.setTimeout(f, 1)", "1 setTimeout"],
  [plain, "packages/core/src/A.ts", `import { randomUUID } from "node:crypto"`, "1 randomUUID"],
  [plain, "packages/core/src/A.ts", "// Date.now()\nsocket.setTimeout(1)"],
  [plain, "packages/core/src/upstream/A.ts", "const a = setTimeout(f, 1)", "1 setTimeout"],
  [withTimer, "packages/core/src/upstream/A.ts", "const a = setTimeout(f, 1)"],
  [withTimer, "packages/core/src/upstream/A.ts", "const a = 1", "1 the allowance of setTimeout"],
  [fileSizes, "packages/core/src/A.ts", `${lines(90)}\n// one\n/*\n two\n*/\n\n`],
  [fileSizes, "packages/core/src/A.ts", lines(91), "1 the median file of packages/core has 91"],
  [fileSizes, "packages/core/src/A.ts", lines(401), "401 401 code lines"],
  [functionSizes, "packages/core/src/A.ts", `\n${fn(71)}`, "2 a function of 71"],
  [functionSizes, "packages/core/src/A.ts", fn(70)],
  [noAny, "packages/core/src/A.ts", "const a: unknown = 1"],
  [noAny, "packages/core/src/A.ts", "const a = f as any", "1 `any`"],
  [docstrings, "packages/core/src/A.ts", "/** A. */\nexport const a = 1\n/** B. */\n// why\nexport class B {}"],
  [docstrings, "packages/core/src/A.ts", '/** A module. */\nimport "x"\nexport const a = 1', "3 a is exported"],
  [docstrings, "packages/core/src/A.ts", "/** A. */\nexport const A = 1\nexport type A = 1"],
  [docstrings, "packages/core/src/A.ts", "const a = 1\nexport { a }", "1 a is exported"],
  [docstrings, "packages/core/src/A.ts", "export default function f() {}", "1 f is exported"],
  [docstrings, "packages/core/src/index.ts", `export * as A from "./A.ts"\nexport { b } from "./B.ts"`],
  [docstrings, "packages/core/src/internal/a.ts", "export const a = 1"],
  [withAcme, "mocks/src/internal/vendor/acme/A.ts", 'const a = "acme"'],
  [withAcme, "packages/lab/src/A.ts", 'const a = "Acme, or acme"\n// "acme"'],
  [withAcme, "packages/lab/src/A.ts", '\nif (name === "acme") f()', "2 names the vendor acme"],
  [withAcme, "packages/lab/src/A.ts", "f(urls.acme)", "1 names the vendor acme"],
  [withAcme, "packages/lab/src/A.ts", 'type A = "acme" | "b"', "1 names the vendor acme"],
  [withAcme, "packages/lab/src/A.ts", "f(`acme`)", "1 names the vendor acme"],
  [withData, "packages/lab/src/A.ts", 'const a = "acme"'],
  [withData, "packages/lab/src/A.ts", "const a = 1", "1 names no vendor"],
  [secrets, "README.md", `key: ${"sk-"}demo-${"a1".repeat(12)}`],
  [secrets, "README.md", `\nkey: ${"sk-"}${"a1".repeat(12)}`, "2 sk-a1a… looks like an API key"],
  [byName, "packages/cli/src/A.ts", `\nif (reason._tag === "TimedOut") f()`, '2 "TimedOut": ask a column'],
  [byName, "packages/cli/src/A.ts", `switch (tag) { case "Overloaded": f() }`, '1 "Overloaded": ask a column'],
  [byName, "packages/cli/src/A.ts", `const some = new Set(["Other", "Overloaded"])`, '1 "Overloaded": ask a column'],
  [byName, "packages/cli/src/A.ts", `make({ _tag: "TimedOut" }); if (a === "Other") f()`],
  [byName, "packages/core/src/failure/Reason.ts", `if (reason._tag === "TimedOut") f()`],
  [withNamesake, "packages/cli/src/B.ts", `if (reason._tag === "TimedOut") f()`],
  [withNamesake, "packages/cli/src/B.ts", "f()", 'no "TimedOut" is asked for here'],
  [registries, "README.md", "the registry of keys, registry.ts"],
  [registries, "README.md", `https://${["registry", "npmjs", "org"].join(".")}/x`, "1 names the package registry"]
]

it.each(
  cases.map(([rule, path, text, expected]) => ({ rule, path, text, expected }))
)("$rule.name of `$text` in $path: $expected", ({ rule, path, text, expected }) => {
  const source = path.endsWith(".ts") ? parse({ path, text }) : { path, text, body: [], comments: [], code: text }
  const found = rule([source]).map(({ line, message }) => `${line} ${message}`)
  if (expected === undefined) expect(found).toEqual([])
  else expect(found.join("\n")).toContain(expected)
})

it("finds a cycle across packages, types and detours", () => {
  const found = cycles([
    parse({ path: "packages/core/src/A.ts", text: `import type { B } from "./b/B.ts"` }),
    parse({ path: "packages/core/src/b/B.ts", text: `\nexport * from "@understudy/core/A"\nimport "../C.ts"` }),
    parse({ path: "packages/core/src/C.ts", text: `import "effect/Effect"` })
  ])
  expect(found).toMatchObject([{ path: "packages/core/src/b/B.ts", line: 2 }])
  expect(found[0]?.message).toContain("packages/core/src/A.ts -> packages/core/src/b/B.ts -> packages/core/src/A.ts")
})

it("measures the ninetieth percentile over a package", () => {
  const files = [1, 1, 1, 1, 1, 1, 1, 1, 221, 230].map((size, n) =>
    parse({ path: `mocks/src/${n}.ts`, text: lines(size) })
  )
  expect(fileSizes(files)).toMatchObject([{ path: "mocks/src/8.ts", line: 1 }])
})

it("counts lines and offsets of other scripts right", () => {
  const source = parse({
    path: "mocks/src/A.ts",
    text: `/** 通义千问 🚀 */\nexport const a = "🚀"\nexport const b: any = 1`
  })
  expect(noAny([source])).toMatchObject([{ line: 3 }])
  expect(docstrings([source])).toMatchObject([{ line: 3 }])
})

it("finds nothing in an empty project", () => {
  const rules: ReadonlyArray<Rule> = [
    allowedImports,
    closedInsides,
    layers,
    cycles,
    stable,
    plain,
    fileSizes,
    functionSizes
  ]
  expect(rules.flatMap((rule) => rule([]))).toEqual([])
})
