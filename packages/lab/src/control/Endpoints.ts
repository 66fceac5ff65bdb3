/**
 * The `/_mock` endpoints of a stage, beside those of the mocks:
 *
 * | endpoint                    | what it does                                                                       |
 * | --------------------------- | ---------------------------------------------------------------------------------- |
 * | `GET /_mock/scenario`       | the scenario: its keys, and the calls that its traffic makes                       |
 * | `PUT`, `POST /_mock/scenario` | plays another from its start: a name of the library, or a scenario as YAML or JSON |
 * | `GET /_mock/state`          | phase, keys, faults and the time that has gone by                                  |
 * | `POST /_mock/calls`         | takes down what a client saw of a call (`ReportedCall`), or of several                     |
 * | `GET /_mock/calls`          | what was told                                                                      |
 * | `POST /_mock/log`           | looks through the client's log, as text, for keys                                  |
 * | `GET /_mock/verdict`        | the verdict on everything so far; `?format=markdown&lang=zh` for people            |
 * | `POST /_mock/reset`         | plays the scenario from its start                                                  |
 */
import type { ControlReply, ControlRequest } from "@understudy/mocks/MockServer"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Library from "../library/Library.ts"
import * as Json from "../report/Json.ts"
import * as Markdown from "../report/Markdown.ts"
import * as Scenario from "../scenario/Scenario.ts"
import { ScenarioError } from "../scenario/ScenarioError.ts"
import { ReportedCall } from "./ReportedCall.ts"
import type { Stage } from "./Stage.ts"

const ok = (body: unknown): ControlReply => ({ status: 200, body })

const refuse = (error: string): ControlReply => ({ status: 400, body: { error } })

const describe = ({ calls, clock, scenario }: Stage): ControlReply => {
  const { expect, keys, length, name, seed, teaches } = scenario
  const shown = keys.map((key) => ({ name: key.name, vendor: key.vendor, account: key.account, value: key.value }))
  return ok({ name, teaches, seed, length, speed: clock.speed, keys: shown, expect, calls })
}

const state = ({ clock, scenario, vendors, world }: Stage): ControlReply =>
  ok({
    scenario: scenario.name,
    elapsed: world.elapsed(),
    ...clock,
    phase: world.phase(),
    keys: vendors.keys().map(({ account, name, state, vendor }) => ({ name, vendor, account, state })),
    faults: vendors.faults().map(({ kind, name, on, struck }) => ({ name, kind, on, struck }))
  })

const word = /^"?([\w.@-]+)"?$/

const read = (body: string): Scenario.Scenario => {
  const name = word.exec(body.trim())?.[1]
  if (name !== undefined) return Library.find(name)
  const read = Effect.runSync(Effect.result(Scenario.fromYaml(body, { source: "the body", env: {} })))
  const [scenario, ...others] = Result.getOrThrow(read)
  if (scenario !== undefined && others.length === 0) return scenario
  throw new ScenarioError({
    source: "the body",
    issues: [{ path: ["scenarios"], message: "holds several: send the one that is to be played" }]
  })
}

const play = (stage: Stage, body: string): ControlReply => {
  try {
    stage.play(read(body))
  } catch (error) {
    if (error instanceof ScenarioError) return refuse(error.message)
    throw error
  }
  return describe(stage)
}

const decode = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Union([ReportedCall, Schema.Array(ReportedCall)])),
  {
    onExcessProperty: "error"
  }
)

const report = (stage: Stage, body: string): ControlReply => {
  const calls = decode(body)
  if (Result.isFailure(calls)) return refuse(`what was told of a call does not fit: ${calls.failure.message}`)
  const all = "id" in calls.success ? [calls.success] : calls.success
  return { status: 201, body: { calls: all.map((each) => stage.report(each)) } }
}

const judge = (stage: Stage, query: URLSearchParams): ControlReply => {
  const judged = stage.judge()
  if (query.get("format") !== "markdown") return ok(Json.toStored(judged))
  const body = Markdown.render([judged], query.get("lang") === "zh" ? "zh" : "en")
  return { status: 200, body, type: "text/markdown; charset=utf-8" }
}

type Action = (stage: Stage, request: ControlRequest) => ControlReply

const actions: Readonly<Record<string, Action>> = {
  "GET /scenario": describe,
  "PUT /scenario": (stage, { body }) => play(stage, body),
  "POST /scenario": (stage, { body }) => play(stage, body),
  "GET /state": state,
  "GET /calls": (stage) => ok({ calls: stage.reported }),
  "POST /calls": (stage, { body }) => report(stage, body),
  "POST /log": (stage, { body }) => ({ status: 201, body: { keys: stage.log(body) } }),
  "GET /verdict": (stage, { query }) => judge(stage, query),
  "POST /reset": (stage) => {
    stage.play(stage.scenario)
    return state(stage)
  }
}

/** The names of the endpoints: `GET /state`. */
export const names: ReadonlyArray<string> = Object.keys(actions).filter((name) => name !== "POST /reset")

/** Answers a request, unless it is for the mocks. */
export const answer = (stage: Stage, request: ControlRequest): ControlReply | undefined =>
  actions[`${request.method} ${request.path}`]?.(stage, request)
