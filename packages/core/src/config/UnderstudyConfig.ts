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
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { ConfigError, type Issue, type Path } from "./ConfigError.ts"
import type { UnderstudyConfig } from "./Configuration.ts"
import { normalise } from "./Normalise.ts"
import { UnderstudyOptions } from "./Options.ts"
import { fromSchema } from "./SchemaIssues.ts"
import type { Environment } from "./Yaml.ts"

export type { ConsumerConfig, ProviderConfig, RouteConfig, TargetConfig, UnderstudyConfig } from "./Configuration.ts"

export type { Environment } from "./Yaml.ts"

/** Loaded with the first text: a configuration that is given as an object does without. */
const yaml = Effect.promise(() => import("./Yaml.ts"))

const decodeOptions = Schema.decodeUnknownExit(UnderstudyOptions, { errors: "all", onExcessProperty: "error" })

type Locate = (path: Path) => { readonly line: number; readonly column: number } | undefined

const decode = (input: unknown, source: string, locate: Locate): Effect.Effect<UnderstudyConfig, ConfigError> => {
  const refuse = (issues: ReadonlyArray<Issue>) =>
    Effect.fail(new ConfigError({ source, issues: issues.map((issue) => ({ ...issue, ...locate(issue.path) })) }))
  const exit = decodeOptions(input)
  if (Exit.isFailure(exit)) {
    const error = Cause.squash(exit.cause)
    const issue = Schema.isSchemaError(error) ? error.issue : undefined
    return issue !== undefined && SchemaIssue.isIssue(issue)
      ? refuse(fromSchema(issue, input))
      : refuse([{ path: [], message: String(error) }])
  }
  const { config, issues } = normalise(exit.value, source)
  return issues.length > 0 ? refuse(issues) : Effect.succeed(config)
}

/** Checks a configuration that is given as an object of the same shape as `understudy.yaml`. */
export const fromOptions = (
  options: UnderstudyOptions,
  source = "configuration"
): Effect.Effect<UnderstudyConfig, ConfigError> => Effect.suspend(() => decode(options, source, () => undefined))

/** Checks a YAML text; `env` fills its variables. */
export const fromYaml = (
  text: string,
  options: { readonly source?: string; readonly env?: Environment } = {}
): Effect.Effect<UnderstudyConfig, ConfigError> =>
  Effect.flatMap(yaml, ({ parse }) => {
    const source = options.source ?? "understudy.yaml"
    const parsed = parse(text, options.env ?? process.env)
    if (parsed.issues.length > 0) return Effect.fail(new ConfigError({ source, issues: parsed.issues }))
    return decode(parsed.value, source, parsed.locate)
  })

const readFile = (path: string, whence: string): Effect.Effect<string, ConfigError> =>
  Effect.try({
    try: () => readFileSync(path, "utf8"),
    catch: (error) => {
      const why = error instanceof Error && "code" in error ? String(error.code) : String(error)
      const message = existsSync(path)
        ? `cannot be read (${why})`
        : `does not exist (${whence}). Run \`understudy init\` to write one, or name another with --config`
      return new ConfigError({ source: path, issues: [{ path: [], message }] })
    }
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
  const whence =
    options.path !== undefined
      ? "as given"
      : named === path
        ? "from UNDERSTUDY_CONFIG"
        : "looked for in the current folder"
  return Effect.flatMap(readFile(path, whence), (text) => fromYaml(text, { source: path, env }))
}
