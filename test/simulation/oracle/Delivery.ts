/**
 * Invariant 2: what a caller got is one vendor's answer, from its beginning, once; an answer that is called whole is whole.
 */
import type { CallRecord, Exchange } from "../world/Journal.ts"
import type { Facts } from "./Facts.ts"
import type { Violation } from "./Violation.ts"

const framesOf = (delivered: string): ReadonlyArray<string> =>
  delivered.split("\n\n").filter((each) => each.startsWith("data: "))

const startsWith = (all: ReadonlyArray<string>, some: ReadonlyArray<string>): boolean =>
  some.length <= all.length && some.every((frame, index) => frame === all[index])

const textIn = (frames: ReadonlyArray<string>): string =>
  frames
    .map((each) => JSON.parse(each.slice("data: ".length)) as { choices?: ReadonlyArray<{ delta?: object }> })
    .map(({ choices }) => (choices?.[0]?.delta ?? {}) as Record<string, unknown>)
    .map((delta) => `${String(delta["reasoning_content"] ?? "")}${String(delta["content"] ?? "")}`)
    .join("")

/** Checks one call that has ended. */
export function* delivery(facts: Facts, call: CallRecord): Generator<Violation> {
  const broken = (message: string): Violation => ({ invariant: 2, message, at: call.endedAt ?? 0, call: call.plan.id })
  if (call.begun > 1) yield broken(`the answer began ${call.begun} times`)
  if (call.strayWrites > 0) yield broken("something was written before the beginning or after the end")
  if (call.begun === 1 && call.delivered === "") yield broken("the answer began with nothing")
  const exchanges = facts.exchangesOf(call)
  if (call.plan.stream === true) yield* streamed(facts, call, exchanges, broken)
  else if (call.ending?.tag === "answered") yield* whole(call, exchanges, broken)
}

type Broken = (message: string) => Violation

function* streamed(
  facts: Facts,
  call: CallRecord,
  exchanges: ReadonlyArray<Exchange>,
  broken: Broken
): Generator<Violation> {
  const { ending } = call
  if (call.delivered === "") {
    if (ending?.tag === "answered") yield broken("called answered with nothing delivered")
    if (ending?.tag === "failed" && ending.reason === "Broken") yield broken("called broken with nothing delivered")
    return
  }
  const frames = framesOf(call.delivered)
  const source = exchanges.find((exchange) => startsWith(exchange.frames, frames))
  if (source === undefined)
    return yield broken(`what was delivered is no vendor's answer: ${call.delivered.slice(0, 300)}`)
  if (textIn(frames) === "") yield broken("the answer began without content")
  if (ending?.tag === "failed" && ending.reason !== "Broken") yield broken(`failed as ${ending.reason} after content`)
  if (facts.route(call).buffered && ending?.tag === "failed") yield broken("a buffered answer was delivered in part")
  if (ending?.tag !== "answered") return
  if (!source.whole) yield broken("called whole although its vendor did not finish")
  if (!frames.some((each) => each.includes('"finish_reason":"stop"'))) yield broken("called whole without its finish")
  if (ending.provider !== source.provider || ending.model !== source.model)
    yield broken("somebody else is named as its author")
}

function* whole(call: CallRecord, exchanges: ReadonlyArray<Exchange>, broken: Broken): Generator<Violation> {
  const { ending } = call
  const source = exchanges.find((exchange) =>
    exchange.stream ? textIn(exchange.frames) === call.text : exchange.body.trim() === call.body.trim()
  )
  if (source === undefined) return yield broken(`the answer is no vendor's: ${call.body.slice(0, 300)}`)
  if (!source.whole) yield broken("called whole although its vendor did not finish")
  if (ending?.tag !== "answered") return
  if (ending.provider !== source.provider || ending.model !== source.model)
    yield broken("somebody else is named as its author")
}
