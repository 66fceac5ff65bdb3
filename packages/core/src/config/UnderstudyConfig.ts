/**
 * The configuration, checked and made ready: from `understudy.yaml`, from a text, or from a typed object.
 *
 * Every problem is reported at once, with file, line and path; a configuration with one problem is refused whole.
 *
 * **Example** (From an object)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
 *
 * const config = UnderstudyConfig.fromOptions({
 *   version: 1,
 *   providers: { qwen: { type: "qwen", keys: ["sk-demo-1"] } },
 *   routes: [{ name: "aliyun", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "qwen" }] }]
 * })
 * const names = await Effect.runPromise(Effect.map(config, ({ routes }) => routes.map((route) => route.name)))
 * ```
 */
import { existsSync, readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import type { UnderstudyConfig } from "../internal/config/Configuration.ts"
import type { Problem, Whence } from "../internal/config/Problem.ts"
import * as Rounds from "../internal/config/Rounds.ts"
import * as TextFile from "../internal/config/TextFile.ts"
import type { Environment, Parsed } from "../internal/config/Yaml.ts"
import { ConfigError, type Issue, issue } from "./ConfigError.ts"
import type { UnderstudyOptions } from "./Options.ts"

export type {
  ConsumerConfig,
  ConsumerKey,
  ConsumerLimits,
  ProviderConfig,
  RouteConfig,
  ServerConfig,
  TargetConfig,
  UnderstudyConfig
} from "../internal/config/Configuration.ts"

export type { Environment } from "../internal/config/Yaml.ts"

/** Loaded with the first text: a configuration that is given as an object does without. */
const yaml = Effect.promise(() => import("../internal/config/Yaml.ts"))

const refuse = (source: string, issues: ReadonlyArray<Issue>): Effect.Effect<never, ConfigError> =>
  Effect.fail(new ConfigError({ source, issues }))

const byPlace = (a: Issue, b: Issue): number => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)

/** Everything that is wrong with a text, in the order of its lines; and its configuration, where nothing is. */
const checkText = (parsed: Parsed, source: string): Rounds.Checked => {
  if (!parsed.isReadable) return { config: undefined, issues: parsed.issues }
  const { config, issues } = Rounds.check(parsed.value, source, parsed.fromVariables)
  const placed = (each: Issue): Issue => ({ ...each, ...parsed.placeOf(each) })
  return {
    config,
    issues: [...parsed.issues, ...issues.filter(parsed.isSound).map(placed)].toSorted(byPlace)
  }
}

/** Checks a configuration that is given as an object of the same shape as `understudy.yaml`. */
export const fromOptions = (
  options: UnderstudyOptions,
  source = "configuration"
): Effect.Effect<UnderstudyConfig, ConfigError> =>
  Effect.suspend(() => {
    const { config, issues } = Rounds.check(options, source)
    return config === undefined ? refuse(source, issues) : Effect.succeed(config)
  })

/** Checks a YAML text; `env` fills its variables. */
export const fromYaml = (
  text: string,
  options: { readonly source?: string; readonly env?: Environment } = {}
): Effect.Effect<UnderstudyConfig, ConfigError> =>
  Effect.flatMap(yaml, ({ parse }) => {
    const source = options.source ?? "understudy.yaml"
    const { config, issues } = checkText(parse(text, options.env ?? process.env), source)
    return config === undefined || issues.length > 0 ? refuse(source, issues) : Effect.succeed(config)
  })

const readBytes = (path: string, whence: Whence): Effect.Effect<Buffer, ConfigError> =>
  Effect.try({
    try: () => readFileSync(path),
    catch: (error) => {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
      const problem: Problem = existsSync(path) ? { _tag: "UnreadableFile", code } : { _tag: "NoFile", whence }
      return new ConfigError({ source: path, issues: [issue([], problem)] })
    }
  })

const readFile = (path: string, whence: Whence): Effect.Effect<string, ConfigError> =>
  Effect.flatMap(readBytes(path, whence), (bytes) => {
    const text = TextFile.decode(bytes)
    return text === undefined ? refuse(path, [issue([], { _tag: "NotUtf8" })]) : Effect.succeed(text)
  })

/**
 * Finds and checks the configuration file: `path`, else the environment's `UNDERSTUDY_CONFIG`, else `./understudy.yaml`.
 */
export const load = (
  options: { readonly path?: string | undefined; readonly env?: Environment } = {}
): Effect.Effect<UnderstudyConfig, ConfigError> => {
  const env = options.env ?? process.env
  const named = env["UNDERSTUDY_CONFIG"]
  const path = options.path ?? (named === undefined || named === "" ? "understudy.yaml" : named)
  const whence = options.path !== undefined ? "given" : named === path ? "environment" : "folder"
  return Effect.flatMap(readFile(path, whence), (text) => fromYaml(text, { source: path, env }))
}
