/**
 * From settings whose shape is right to a configuration whose meaning is: names refer to what exists, URLs parse,
 * expressions compile. Collects every problem.
 */
import { createHash } from "node:crypto"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type Issue, issue, type Path } from "../../config/ConfigError.ts"
import type { Settings } from "../../config/Options.ts"
import { tags } from "../../failure/Reason.ts"
import * as ApiKey from "../../key/ApiKey.ts"
import type { Aliases, Prefill } from "../../provider/Dialect.ts"
import { vendors } from "../../provider/Vendors.ts"
import * as Matcher from "../../route/Matcher.ts"
import * as PriceTable from "../../wire/PriceTable.ts"
import * as KeyPolicy from "../key/KeyPolicy.ts"
import * as KeyText from "../key/KeyText.ts"
import * as BaseUrl from "../provider/BaseUrl.ts"
import * as Offer from "../provider/Offer.ts"
import type { Vendor } from "../provider/Vendor.ts"
import { expectations } from "../setting/Expectation.ts"
import type {
  ConsumerConfig,
  ConsumerKey,
  ProviderConfig,
  ProviderSettings,
  RouteConfig,
  UnderstudyConfig
} from "./Configuration.ts"
import { toConnection } from "./ConnectionSettings.ts"
import type { Problem } from "./Problem.ts"
import * as Suggest from "./Suggest.ts"

type RouteSettings = Settings["routes"][number]

type ConsumerSettings = Settings["consumers"][number]

type Report = (path: Path, problem: Problem) => void

const toKeys = (options: ProviderSettings, path: Path, report: Report): ReadonlyArray<ApiKey.ApiKey> =>
  (options.keys ?? []).flatMap((key, index) => {
    const { value, ...rest } = typeof key === "string" ? { value: key } : key
    const parts = value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")
    return parts.map((part, nth) => {
      const flaw = KeyText.flawOf(part)
      const place = [...path, "keys", index, ...(typeof key === "string" ? [] : ["value"])]
      if (flaw !== undefined) report(place, { _tag: "BadKey", ...flaw, nth: parts.length > 1 ? nth + 1 : undefined })
      return ApiKey.make(Redacted.make(part), rest)
    })
  })

const toAliases = (options: ProviderSettings): Aliases =>
  Object.fromEntries(
    Object.entries(options.aliases).map(([name, alias]) => [name, typeof alias === "string" ? { model: alias } : alias])
  )

/** An assistant message at the end, as many servers understand it. */
const plainPrefill: Prefill = { field: undefined, toPath: (path) => path }

const toProvider = (
  name: string,
  options: ProviderSettings,
  prices: PriceTable.PriceTable,
  source: string,
  report: Report
): ProviderConfig => {
  const path = ["providers", name]
  const { dialect, offers }: Vendor = vendors[options.type]
  const keys = toKeys(options, path, report)
  const url = options.baseUrl ?? dialect.baseUrl
  if (url === undefined) report([...path, "baseUrl"], { _tag: "NoAddress", type: options.type })
  if (keys.length === 0 && dialect.baseUrl !== undefined)
    report([...path, "keys"], { _tag: "NoKey", type: options.type })
  const base = BaseUrl.parse(url ?? "http://unset.invalid", dialect.defaultPath)
  if (Result.isFailure(base)) report([...path, "baseUrl"], { _tag: "BadAddress", flaw: base.failure })
  const { circuit, deadlines, selection, structuredOutput, thinkTags } = options
  return {
    name,
    dialect,
    base: Result.isSuccess(base) ? base.success : { origin: "", path: "", query: "" },
    connection: toConnection(options, path, source, report),
    keys,
    selection,
    policy: KeyPolicy.make(options.keyFailover),
    circuit,
    deadlines,
    aliases: toAliases(options),
    prices: {
      ...(Result.isSuccess(base) ? Offer.pricesAt(offers, base.success.origin) : {}),
      ...PriceTable.at(prices, name)
    },
    contextLengths: { ...Offer.contextsOf(offers), ...options.contextLengths },
    structuredOutput,
    thinkTags: thinkTags === "opened" ? "opened" : thinkTags ? "leading" : undefined,
    prefill:
      options.prefill === false ? undefined : (dialect.prefill ?? (options.prefill === true ? plainPrefill : undefined))
  }
}

const toRegExp = (source: string): RegExp | string => {
  try {
    return new RegExp(source)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const toModelMatch = (options: RouteSettings["match"]["model"], path: Path, report: Report): Matcher.ModelMatch => {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const [kind, value] = given[0] ?? []
  if (given.length !== 1 || kind === undefined || value === undefined) {
    report(path, { _tag: "NotOneMatch", given: given.map(([name]) => name) })
    return { _tag: "Exact", value: "" }
  }
  if (kind === "exact") return { _tag: "Exact", value }
  if (kind === "prefix") return { _tag: "Prefix", value }
  const regex = toRegExp(value)
  if (typeof regex === "string") report([...path, "regex"], { _tag: "BadPattern", detail: regex })
  return { _tag: "Regex", value: typeof regex === "string" ? /$^/ : regex }
}

const overrideName = /^[1-5](\d\d|xx)$/

const toRoute = (options: RouteSettings, path: Path, providers: ReadonlyArray<string>, report: Report): RouteConfig => {
  const checkTargets = (list: "targets" | "fallback") =>
    options[list].forEach((target, index) => {
      const { provider: name } = target
      if (providers.includes(name)) return
      const meant = Suggest.nearest(name, providers)
      report([...path, list, index, "provider"], { _tag: "UnknownProvider", name, known: providers, meant })
    })
  checkTargets("targets")
  checkTargets("fallback")
  for (const name of Object.keys(options.on)) {
    if (tags.some((tag) => tag === name) || overrideName.test(name)) continue
    const meant = Suggest.nearest(name, tags)
    report([...path, "on", name], { _tag: "UnknownOverride", reasons: tags, meant })
  }
  const headers = Object.entries(options.match.headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    ...options,
    match: {
      model: toModelMatch(options.match.model, [...path, "match", "model"], report),
      headers: Object.fromEntries(headers) as Record<string, string>,
      consumers: options.match.consumers
    }
  }
}

const hashed = /^sha256:([0-9a-fA-F]{64})$/

const toConsumerKey = (given: ConsumerSettings["keys"][number], path: Path, report: Report): ConsumerKey => {
  const { expires, name, value } = typeof given === "string" ? { value: given } : given
  const place = typeof given === "string" ? path : [...path, "value"]
  const key = value.trim()
  const flaw = KeyText.flawOf(key)
  if (key === "") report(place, { _tag: "Unexpected", kinds: ["text"], expected: expectations.text, got: undefined })
  else if (flaw !== undefined) report(place, { _tag: "BadKey", ...flaw, nth: undefined })
  else if (key.startsWith("sha256:") && !hashed.test(key)) report(place, { _tag: "BadHash" })
  const hash = hashed.exec(key)?.[1]?.toLowerCase() ?? createHash("sha256").update(key).digest("hex")
  return { hash, name, expires }
}

const toConsumer = (
  options: ConsumerSettings,
  path: Path,
  routes: ReadonlyArray<string>,
  report: Report
): ConsumerConfig => {
  options.routes.forEach((name, index) => {
    if (routes.includes(name)) return
    const meant = Suggest.nearest(name, routes)
    report([...path, "routes", index], { _tag: "UnknownRoute", name, known: routes, meant })
  })
  return { ...options, keys: options.keys.map((key, index) => toConsumerKey(key, [...path, "keys", index], report)) }
}

/** A named model is asked for in process, without headers or a consumer: some route has to take it so. */
const checkModels = (models: Settings["models"], routes: ReadonlyArray<RouteConfig>, report: Report): void => {
  for (const [name, { model }] of Object.entries(models)) {
    if (routes.some((route) => Matcher.mismatch(route.match, { model }) === undefined)) continue
    const labels = routes.map((route) => `${route.name} (${Matcher.toLabel(route.match.model)})`)
    report(["models", name, "model"], { _tag: "NoRouteForModel", model, routes: labels })
  }
}

const namesOf = (list: ReadonlyArray<{ readonly name: string }>): ReadonlyArray<string> => list.map(({ name }) => name)

const reportDoubles = (
  names: ReadonlyArray<string>,
  toPath: (index: number) => Path,
  what: "name" | "key",
  report: Report
): void => {
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) report(toPath(index), { _tag: "Twice", what })
  })
}

/** Checks meaning. With issues, the configuration is not to be used. */
export const normalise = (
  settings: Settings,
  source: string
): { readonly config: UnderstudyConfig; readonly issues: ReadonlyArray<Issue> } => {
  const issues: Array<Issue> = []
  const report: Report = (path, problem) => void issues.push(issue(path, problem))
  const { models, prices, server } = settings
  const names = Object.keys(settings.providers)
  if (names.length === 0) report(["providers"], { _tag: "NoProvider" })
  if (settings.routes.length === 0) report(["routes"], { _tag: "NoRoute" })
  const providers = Object.entries(settings.providers).map(([name, each]) =>
    toProvider(name, each, prices, source, report)
  )
  const routes = settings.routes.map((route, index) => toRoute(route, ["routes", index], names, report))
  const consumers = settings.consumers.map((each, index) =>
    toConsumer(each, ["consumers", index], namesOf(routes), report)
  )
  reportDoubles(namesOf(routes), (index) => ["routes", index, "name"], "name", report)
  reportDoubles(namesOf(consumers), (index) => ["consumers", index, "name"], "name", report)
  const owners = consumers.flatMap((each, index) => each.keys.map(() => index))
  const hashes = consumers.flatMap((each) => each.keys.map(({ hash }) => hash))
  reportDoubles(hashes, (at) => ["consumers", owners[at] ?? 0, "keys"], "key", report)
  checkModels(models, routes, report)
  return { config: { source, server, providers, routes, consumers, models, prices }, issues }
}
