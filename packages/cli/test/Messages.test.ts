import { readdirSync } from "node:fs"
import { expect, it } from "vitest"
import * as Language from "../src/Language.ts"
import * as Messages from "../src/Messages.ts"

type Entry = readonly [path: string, value: unknown]

const entries = (path: string, value: unknown): ReadonlyArray<Entry> =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => entries(path === "" ? name : `${path}.${name}`, inner))
    : [[path, value]]

const all = (language: Language.Language) => new Map(entries("", Messages.of(language)))

/** What reads the same in both languages. */
const universal = /^(check\.columns\.1|serve\.keys|common\.holderUnknown|initFiles\.)/

it("has every message in both languages, with the same parameters", () => {
  const [en, zh] = [all("en"), all("zh")]
  expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
  for (const [path, value] of en) {
    const other = zh.get(path)
    expect(typeof other, path).toBe(typeof value)
    if (typeof value === "function" && typeof other === "function") expect(other.length, path).toBe(value.length)
    else if (!universal.test(path)) expect(value, path).not.toBe("")
  }
})

it("says in Chinese what it says in Chinese, and in English what it says in English", () => {
  const text = (value: unknown): string => (typeof value === "function" ? String(value) : String(value))
  for (const [path, value] of all("zh")) {
    if (!universal.test(path) && !/^common\.(and|gap)$/.test(path)) expect(text(value), path).toMatch(/\p{Script=Han}/u)
  }
  for (const [path, value] of all("en")) expect(text(value), path).not.toMatch(/\p{Script=Han}/u)
})

it("holds every file of messages in its catalogue", () => {
  const files = readdirSync(new URL("../src/messages", import.meta.url))
    .filter((name) => name !== "define.ts")
    .map((name) => name.replace(/\.ts$/, "").replace(/^./, (first) => first.toLowerCase()))
  expect(Object.keys(Messages.catalogue).sort()).toEqual(files.sort())
})

it.each([
  ["zh", [], { LANG: "zh_CN.UTF-8" }],
  ["en", [], { LANG: "de_DE.UTF-8" }],
  ["zh", [], { LC_ALL: "zh_TW", LANG: "en_US" }],
  ["en", [], { LC_ALL: "C.UTF-8", LANG: "zh_CN" }],
  ["zh", [], { LC_ALL: "", LC_MESSAGES: "zh_CN.UTF-8", LANG: "en_US.UTF-8" }],
  ["en", ["serve", "--lang", "en"], { LANG: "zh_CN.UTF-8" }],
  ["zh", ["--lang=zh", "check"], { LANG: "en_US.UTF-8" }],
  ["en", ["chat", "--", "--lang", "zh"], { LANG: "en_US.UTF-8" }]
] as const)("speaks %s for %j in %j", (language, args, env) => {
  expect(Language.detect(args, env)).toBe(language)
})
