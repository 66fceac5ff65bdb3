/**
 * What can be wrong with a configuration, as data: a tag and the values that belong to it, so that every face says it in its
 * own language. English is here, complete by its type; another language is another `Texts`.
 *
 * **Example** (In words)
 *
 * ```ts
 * import { Problem } from "@understudy/core/config/Texts"
 *
 * Problem.toText({ _tag: "UnsetVariable", name: "DEEPSEEK_API_KEY" })
 * ```
 */

import { type Flaw, kinds } from "../key/KeyText.ts"
import type * as BaseUrl from "../provider/BaseUrl.ts"
import type { Expectation } from "../setting/Expectation.ts"
import * as ProxyAddress from "../upstream/ProxyAddress.ts"

export type { Expectation } from "../setting/Expectation.ts"

/** Where the configuration's path came from. */
export type Whence = "given" | "environment" | "folder"

/** One thing that is wrong. `got` is what was there instead, as JSON; it is left out where it may be a secret. */
export type Problem =
  /** `detail` is what the parser says, in English; `code` is its name for the kind of mistake. */
  | { readonly _tag: "NotYaml"; readonly detail: string; readonly code?: string }
  | { readonly _tag: "UnknownAlias"; readonly name: string }
  /** `$` and a brace where YAML reads the brace as a map of its own. */
  | { readonly _tag: "UnquotedVariable"; readonly name: string }
  /** A `$` that looks like a variable, and is none that is read. The text is not told: it may be a secret. */
  | { readonly _tag: "BadVariable" }
  | { readonly _tag: "EmptyFile" }
  | { readonly _tag: "AliasOfItself"; readonly name: string }
  | { readonly _tag: "UnsetVariable"; readonly name: string }
  | { readonly _tag: "NoFile"; readonly whence: Whence }
  | { readonly _tag: "UnreadableFile"; readonly code: string }
  | { readonly _tag: "Missing" }
  | {
      readonly _tag: "UnknownSetting"
      readonly name: string
      readonly known: ReadonlyArray<string>
      readonly meant: string | undefined
    }
  | {
      readonly _tag: "Unexpected"
      readonly expected: string
      /** What would do, any of them; empty where only `expected` says it. */
      readonly kinds: ReadonlyArray<Expectation>
      readonly got: string | undefined
    }
  | {
      readonly _tag: "NotOneOf"
      readonly allowed: ReadonlyArray<string>
      readonly got: string | undefined
      readonly meant: string | undefined
    }
  | { readonly _tag: "NoProvider" }
  | { readonly _tag: "NoRoute" }
  | { readonly _tag: "NoAddress"; readonly type: string }
  | { readonly _tag: "NoKey"; readonly type: string }
  | { readonly _tag: "BadAddress"; readonly flaw: BaseUrl.Flaw }
  | { readonly _tag: "BadPattern"; readonly detail: string }
  | { readonly _tag: "NotUtf8" }
  /** `nth` counts the keys of a list that commas separate, from 1; undefined where there is one. */
  | ({ readonly _tag: "BadKey"; readonly nth: number | undefined } & Flaw)
  | { readonly _tag: "BadProxy"; readonly flaw: ProxyAddress.Flaw }
  | { readonly _tag: "NoCertificateFile"; readonly file: string; readonly code: string }
  /** `file` is undefined where the text itself stands in the configuration. */
  | { readonly _tag: "NoCertificate"; readonly file: string | undefined }
  | { readonly _tag: "NotOneMatch"; readonly given: ReadonlyArray<string> }
  | {
      readonly _tag: "UnknownProvider"
      readonly name: string
      readonly known: ReadonlyArray<string>
      readonly meant: string | undefined
    }
  | {
      readonly _tag: "UnknownRoute"
      readonly name: string
      readonly known: ReadonlyArray<string>
      readonly meant: string | undefined
    }
  | {
      readonly _tag: "UnknownOverride"
      readonly reasons: ReadonlyArray<string>
      readonly meant: string | undefined
    }
  | { readonly _tag: "Twice"; readonly what: "name" | "key" }
  | { readonly _tag: "BadHash" }
  | { readonly _tag: "NoRouteForModel"; readonly model: string; readonly routes: ReadonlyArray<string> }

/** A sentence for every problem. */
export type Texts = {
  readonly [Tag in Problem["_tag"]]: (problem: Extract<Problem, { readonly _tag: Tag }>) => string
}

const listed = (names: ReadonlyArray<string>): string => (names.length === 0 ? "none" : names.join(", "))

const didYouMean = (meant: string | undefined): string => (meant === undefined ? "" : `; did you mean "${meant}"?`)

const whence: Readonly<Record<Whence, string>> = {
  given: "as given",
  environment: "from UNDERSTUDY_CONFIG",
  folder: "looked for in the current folder"
}

const gotText = (got: string | undefined): string => (got === undefined ? "" : `, got ${got}`)

const addressText = (flaw: BaseUrl.Flaw): string => {
  switch (flaw._tag) {
    case "NotUrl":
      return `is not a URL: "${flaw.shown}"`
    case "Invisible":
      return `holds an invisible character (${flaw.code}): "${flaw.shown}"`
    case "Scheme":
      return `must start with http:// or https://, got "${flaw.scheme}"`
    case "Credentials":
      return "must not hold credentials: put the key under `keys`"
    case "Fragment":
      return "must not hold a fragment (#…): it would not be sent"
  }
}

/** What to do about the parser's terser words. */
const hints: Readonly<Record<string, string>> = {
  BAD_ALIAS: "a text that begins with * or & needs quotes",
  BAD_SCALAR_START: "a text that begins with it needs quotes",
  BLOCK_AS_IMPLICIT_KEY: "a text with a colon in it needs quotes",
  MULTILINE_IMPLICIT_KEY: "is a colon missing? A full-width one (：) is none",
  MULTIPLE_DOCS: "a file holds one configuration, so there is no place for another ---"
}

const hintFor = (code: string | undefined): string => {
  const hint = code === undefined ? undefined : hints[code]
  return hint === undefined ? "" : ` (${hint})`
}

/** The problems in English: each continues a line that begins with the setting's path. */
export const english: Texts = {
  NotYaml: ({ code, detail }) => `not valid YAML: ${detail}${hintFor(code)}`,
  UnknownAlias: ({ name }) =>
    `*${name} stands for nothing: no &${name} stands before it. A text that begins with * needs quotes`,
  UnquotedVariable: ({ name }) => `inside of [ ] and { } a variable needs quotes: "\${${name}}"`,
  BadVariable: () =>
    `holds a variable in a form that is not read: write \${NAME} or \${NAME:-default}, and $$ for a dollar sign itself`,
  EmptyFile: () => "is empty: `understudy init` writes one",
  AliasOfItself: ({ name }) => `*${name} stands inside of what it names: write out what is meant`,
  UnsetVariable: ({ name }) =>
    `environment variable ${name} is not set. Set it (a .env file works: node --env-file=.env …), or give a default: \${${name}:-…}`,
  NoFile: (problem) =>
    `does not exist (${whence[problem.whence]}). Run \`understudy init\` to write one, or name another with --config`,
  UnreadableFile: ({ code }) => `cannot be read (${code})`,
  Missing: () => "is missing",
  UnknownSetting: ({ known, meant }) =>
    meant === undefined
      ? `is not a setting that exists here. Settings: ${listed(known)}`
      : `is not a setting that exists here: did you mean "${meant}"?`,
  Unexpected: ({ expected, got }) => `must be ${expected}${gotText(got)}`,
  NotOneOf: ({ allowed, got, meant }) => `must be ${allowed.join(" | ")}${gotText(got)}${didYouMean(meant)}`,
  NoProvider: () => "needs at least one provider",
  NoRoute: () => "needs at least one route: without one no model can be asked for",
  NoAddress: ({ type }) => `is missing: a provider of type ${type} has no address of its own`,
  NoKey: ({ type }) => `needs at least one key: ${type} refuses requests without`,
  BadAddress: ({ flaw }) => addressText(flaw),
  NotUtf8: () => "is UTF-16: save it as UTF-8",
  BadKey: ({ at, code, kind, nth }) =>
    `${nth === undefined ? "" : `key ${nth} of the list `}holds ${kinds[kind]} (${code}) behind ${at} characters, which no key holds: copy the key anew`,
  BadProxy: ({ flaw }) => `${ProxyAddress.toText(flaw)}; or \`none\`, to go past the environment's`,
  NoCertificateFile: ({ code, file }) => `${file} cannot be read (${code})`,
  NoCertificate: ({ file }) => `${file === undefined ? "holds" : `${file} holds`} no certificate in PEM`,
  BadPattern: ({ detail }) => `does not compile: ${detail}`,
  NotOneMatch: ({ given }) => `needs exactly one of exact, prefix and regex, got ${listed(given)}`,
  UnknownProvider: ({ known, meant, name }) =>
    `"${name}" is not configured. Providers: ${listed(known)}${didYouMean(meant)}`,
  UnknownRoute: ({ known, meant, name }) => `"${name}" is no route. Routes: ${listed(known)}${didYouMean(meant)}`,
  UnknownOverride: ({ meant, reasons }) =>
    `is no reason, status ("429") or status class ("4xx"). Reasons: ${listed(reasons)}${didYouMean(meant)}`,
  Twice: ({ what }) => `${what === "name" ? "this name" : "one of these keys"} is there twice`,
  BadHash: () => "sha256: must be followed by 64 hexadecimal digits",
  NoRouteForModel: ({ model, routes }) => `"${model}" is taken by no route. Routes: ${listed(routes)}`
}

/** A problem in words; English, unless other texts are given. */
export const toText = (problem: Problem, texts: Texts = english): string => {
  const say = texts[problem._tag] as (problem: Problem) => string
  return say(problem)
}
