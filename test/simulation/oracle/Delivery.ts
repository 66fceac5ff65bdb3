/**
 * Invariant 2: what a caller got is one vendor's answer, from its beginning, once; an answer that is called whole is whole, with
 * every choice that was asked for. Where a route lets another target go on with a stream that broke, what was delivered is the
 * text of the first one and what the next ones had to add, under one id.
 */
import type { CallRecord, Exchange } from "../world/Journal.ts"
import type { Facts } from "./Facts.ts"
import type { Violation } from "./Violation.ts"

interface Chunk {
  readonly id?: string
  readonly choices?: unknown
}

interface Choice {
  readonly index?: number
  readonly delta?: Readonly<Record<string, unknown>> | null
  readonly finish_reason?: unknown
}

const framesOf = (delivered: string): ReadonlyArray<string> =>
  delivered.split("\n\n").filter((each) => each.startsWith("data: "))

const chunkOf = (frame: string): Chunk => JSON.parse(frame.slice("data: ".length)) as Chunk

const choicesOf = ({ choices }: Chunk): ReadonlyArray<Choice> =>
  Array.isArray(choices) ? choices.filter((each: Choice | null) => each !== null) : []

const startsWith = (all: ReadonlyArray<string>, some: ReadonlyArray<string>): boolean =>
  some.length <= all.length && some.every((frame, index) => frame === all[index])

/** Reasoning and text of the first choice. */
const textIn = (chunks: ReadonlyArray<Chunk>, thinking = true): string => {
  let text = ""
  for (const chunk of chunks) {
    for (const { delta, index } of choicesOf(chunk)) {
      if ((index ?? 0) !== 0) continue
      if (thinking) text += String(delta?.["reasoning_content"] ?? "")
      text += String(delta?.["content"] ?? "")
    }
  }
  return text
}

const finishedIn = (chunks: ReadonlyArray<Chunk>): number => {
  const finished = new Set<number>()
  for (const chunk of chunks) {
    for (const choice of choicesOf(chunk)) if (choice.finish_reason === "stop") finished.add(choice.index ?? 0)
  }
  return finished.size
}

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
  const chunks = frames.map(chunkOf)
  const { buffered, continues } = facts.route(call)
  if (textIn(chunks) === "") yield broken("the answer began without content")
  if (ending?.tag === "failed" && ending.reason !== "Broken") yield broken(`failed as ${ending.reason} after content`)
  if (buffered && ending?.tag === "failed") yield broken("a buffered answer was delivered in part")
  if (ending?.tag === "answered" && finishedIn(chunks) < (call.plan.choices ?? 1))
    yield broken("called whole without its finish")
  if (new Set(chunks.flatMap(({ id }) => id ?? [])).size > 1) yield broken("more than one id was delivered")
  const source = exchanges.find((exchange) => isBeginningOf(exchange, frames))
  if (source !== undefined) yield* authored(call, [source], broken)
  else if (continues) yield* joined(call, textIn(chunks, false), exchanges, broken)
  else yield broken(`what was delivered is no vendor's answer: ${call.delivered.slice(0, 300)}`)
}

/** True when the frames are those of an exchange, from the first one on; odd ones, which are put right, do not count. */
const isBeginningOf = (exchange: Exchange, frames: ReadonlyArray<string>): boolean => {
  if (startsWith(exchange.frames, frames)) return true
  const plain = (all: ReadonlyArray<string>): ReadonlyArray<string> =>
    all.filter((each) => chunkOf(each).id !== undefined)
  return plain(exchange.frames).length < exchange.frames.length && startsWith(plain(exchange.frames), plain(frames))
}

/** What may have been delivered once an exchange has added to it what it had to add. */
const added = (text: string, { frames, prefill }: Exchange): ReadonlyArray<string> => {
  const own = textIn(frames.map(chunkOf), false)
  if (own === "") return []
  if (text === "") return prefill === undefined ? [own] : []
  if (own.startsWith(text)) return [own]
  return prefill === text ? [text + own] : []
}

function* joined(
  call: CallRecord,
  delivered: string,
  exchanges: ReadonlyArray<Exchange>,
  broken: Broken
): Generator<Violation> {
  let reached: ReadonlyArray<{ readonly text: string; readonly last: Exchange | undefined }> = [
    { text: "", last: undefined }
  ]
  for (const exchange of exchanges) {
    const next = reached.flatMap(({ text }) => added(text, exchange).map((each) => ({ text: each, last: exchange })))
    reached = [...reached, ...next]
  }
  const ends = reached.filter(({ text }) =>
    call.ending?.tag === "answered" ? text === delivered : text.startsWith(delivered)
  )
  const authors = ends.flatMap(({ last }) => last ?? [])
  if (authors.length === 0) yield broken(`what was delivered is nobody's answer joined: ${delivered.slice(0, 300)}`)
  else yield* authored(call, authors, broken)
}

/** Checks that an answer that is called whole has an author who finished it, and whose name it bears. */
function* authored({ ending }: CallRecord, sources: ReadonlyArray<Exchange>, broken: Broken): Generator<Violation> {
  if (ending?.tag !== "answered") return
  const finished = sources.filter((each) => each.whole)
  if (finished.length === 0) return yield broken("called whole although its vendor did not finish")
  if (!finished.some(({ model, provider }) => provider === ending.provider && model === ending.model))
    yield broken("somebody else is named as its author")
}

function* whole(call: CallRecord, exchanges: ReadonlyArray<Exchange>, broken: Broken): Generator<Violation> {
  const sources = exchanges.filter((exchange) =>
    exchange.stream ? textIn(exchange.frames.map(chunkOf)) === call.text : exchange.body.trim() === call.body.trim()
  )
  if (sources.length === 0) return yield broken(`the answer is no vendor's: ${call.body.slice(0, 300)}`)
  yield* authored(call, sources, broken)
  const { choices } = JSON.parse(call.body) as { readonly choices: ReadonlyArray<unknown> }
  if (choices.length !== (call.plan.choices ?? 1)) yield broken(`${choices.length} choices were delivered`)
}
