/**
 * Runs made by hand: calls told as a list of attempts, one after the other, with everything that is ordinary filled in.
 */

import type { Attempt, CallRecord, Health, Path, Run } from "@understudy/lab/run/Run"
import type { FindingKind } from "@understudy/lab/scenario/FindingKind"
import type { ScenarioOptions } from "@understudy/lab/scenario/Options"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as Setup from "@understudy/lab/scenario/Setup"
import * as ReplyText from "@understudy/lab/traffic/ReplyText"
import * as Verdict from "@understudy/lab/verdict/Verdict"

/** The model that is asked for unless told otherwise. */
export const model = "qwen-plus"

const statuses: Record<string, number> = {
  "auth.invalid": 401,
  "billing.exhausted": 402,
  "access.denied": 403,
  "rate.limit": 429,
  "overload.fast": 503,
  "server.error": 500,
  "edge.html": 502,
  "content.input": 400,
  "request.invalid": 400,
  "request.tooLong": 400,
  "mode.mismatch": 400,
  "reset.before": 0,
  "stall.before": 0
}

/** An attempt: `wait` milliseconds after the one before it ended (200), or `at` a moment; it takes `took` milliseconds (100). */
export interface AttemptOptions extends Partial<Attempt> {
  readonly wait?: number
  readonly took?: number
}

/** A call; it ends with its last attempt, `answered` when that was, unless told otherwise. */
export interface CallOptions extends Partial<Omit<CallRecord, "text">> {
  readonly at: number
  readonly attempts?: ReadonlyArray<AttemptOptions>
  /** The text, given the ordinals of the attempts. */
  readonly text?: string | ((ordinals: ReadonlyArray<number>) => string)
}

/** A run. */
export interface RunOptions {
  readonly expect?: ScenarioOptions["expect"]
  readonly keys?: ScenarioOptions["keys"]
  readonly config?: ScenarioOptions["config"]
  readonly calls: ReadonlyArray<CallOptions>
  readonly probes?: ReadonlyArray<AttemptOptions>
  /** From when on which paths are certain, by a part of their names; all from the beginning unless told otherwise. */
  readonly well?: ReadonlyArray<readonly [at: number, ...parts: ReadonlyArray<string>]>
  readonly duration?: number
}

/** What `count` calls do, one every `every` milliseconds from `from` on. */
export const calls = (
  count: number,
  from: number,
  every: number,
  make: (at: number, index: number) => CallOptions
): ReadonlyArray<CallOptions> => Array.from({ length: count }, (_, index) => make(from + index * every, index))

const toAttempt = (options: AttemptOptions, ordinal: number, before: number): Attempt => {
  const { wait = 200, took = 100, ...fields } = options
  const key = fields.key ?? "qwen-1"
  const vendor = fields.vendor ?? (key.startsWith("deepseek") ? "deepseek" : "qwen")
  const recipe = fields.recipe ?? "answer"
  const status = fields.status ?? statuses[recipe] ?? 200
  const at = fields.at ?? before + wait
  const good = status === 200 && (recipe === "answer" || recipe.startsWith("slow."))
  return {
    ordinal,
    at,
    vendor,
    method: "POST",
    path: "/v1/chat/completions",
    key,
    account: key,
    model: vendor === "qwen" ? model : "deepseek-flash",
    stream: false,
    recipe,
    status,
    headersAt: at,
    firstByteAt: at,
    endedAt: at + took,
    end: "complete",
    chunks: 0,
    ...(good ? { finish: "stop", tokens: 30 } : {}),
    ...fields
  }
}

const toCall = (options: CallOptions, id: string, attempts: ReadonlyArray<Attempt>): CallRecord => {
  const { attempts: _, text, ...fields } = options
  const last = attempts.at(-1)
  const outcome = fields.outcome ?? (last?.finish === "stop" ? "answered" : "failed")
  const whole = last === undefined ? "" : ReplyText.make(last.ordinal, last.vendor)
  const told = typeof text === "function" ? text(attempts.map(({ ordinal }) => ordinal)) : text
  return {
    id,
    model,
    stream: false,
    ...(outcome === "unfinished" ? {} : { endedAt: last?.endedAt ?? fields.at }),
    text: told ?? (outcome === "answered" ? whole : ""),
    ...fields,
    outcome
  }
}

const toHealth = (all: ReadonlyArray<Path>, well: RunOptions["well"]): ReadonlyArray<Health> =>
  (well ?? [[0, ""]]).map(([at, ...parts]) => ({
    at,
    paths: all.filter((path) => parts.some((part) => path.includes(part)))
  }))

/** Makes a run. */
export const make = (options: RunOptions): Run => {
  const scenario = Scenario.make({
    name: "made-by-hand",
    teaches: { en: "Nothing.", zh: "无。" },
    traffic: { model, calls: [{ at: "0ms" }] },
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    ...(options.config === undefined ? {} : { config: options.config }),
    ...(options.expect === undefined ? {} : { expect: options.expect })
  })
  const attempts: Array<Attempt> = []
  const records = options.calls.map((call, index) => {
    const id = call.id ?? `c${index + 1}`
    const own: Array<Attempt> = []
    for (const each of call.attempts ?? []) {
      const before = own.at(-1)?.endedAt ?? call.at - (each.wait ?? 200)
      const attempt = toAttempt({ call: id, ...each }, attempts.length + 1, before)
      own.push(attempt)
      attempts.push(attempt)
    }
    return toCall(call, id, own)
  })
  for (const probe of options.probes ?? []) {
    const free = { method: "GET", path: "/v1/models", model: "", recipe: "models" }
    attempts.push(toAttempt({ ...free, ...probe }, attempts.length + 1, 0))
  }
  const asked = [...new Set(records.map((record) => record.model))]
  const paths = (name: string): ReadonlyArray<Path> =>
    Setup.paths(scenario, name).map((path) => `${path.vendor}/${path.model}#${path.key}`)
  const end = [...attempts, ...records].reduce((last, { at, endedAt = at }) => Math.max(last, endedAt), 0)
  return {
    scenario,
    client: "somebody",
    runner: "virtual",
    seed: 42,
    duration: options.duration ?? end,
    calls: records,
    attempts,
    transitions: [],
    health: Object.fromEntries(asked.map((name) => [name, toHealth(paths(name), options.well)])),
    leftOpen: attempts.filter(({ end }) => end === "open").map(({ ordinal }) => ordinal)
  }
}

/** The kinds of what is held against the client of such a run. */
export const kinds = (options: RunOptions): ReadonlyArray<FindingKind> =>
  Verdict.of(make(options)).findings.map(({ kind }) => kind)

/** An attempt that never ended. */
export const open = { end: "open", endedAt: undefined } as unknown as AttemptOptions
