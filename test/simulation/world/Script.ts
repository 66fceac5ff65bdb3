/**
 * What a vendor does with one request, as a list of steps on the clock: a good answer in one of its many shapes, or the
 * fault that strikes.
 */

import type { VendorType } from "@understudy/core/provider/Vendors"
import type { Prng } from "@understudy/lab/traffic/Prng"
import * as MockFaultKind from "@understudy/mocks/FaultKind"
import { isVendor, personalities, type VendorName } from "@understudy/mocks/VendorList"
import type { Fault, FaultKind, Flaw, Nature } from "./Plan.ts"
import * as Wire from "./Wire.ts"

/** One step, so many milliseconds after the one before. */
export type Step = { readonly after: number } & (
  | { readonly tag: "connected" }
  | { readonly tag: "headers"; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly tag: "data"
      readonly text: string
      /** The data frames that this piece completes, `[DONE]` left out. */
      readonly frames: ReadonlyArray<string>
      /** True when one of them holds content. */
      readonly content: boolean
    }
  | { readonly tag: "end" }
  | { readonly tag: "error"; readonly code: string }
)

/** What is asked for. */
export interface Ask {
  readonly type: VendorType
  /** Stamps the answer: no two answers of a run are alike. */
  readonly id: string
  readonly model: string
  readonly stream: boolean
  readonly nature: Nature
  readonly luck: Prng
  readonly key: string
  /** Choices that are asked for. */
  readonly choices: number
  /** The beginning of an answer that is to be gone on with. */
  readonly prefill: string | undefined
  /** The vendor's Unix time. */
  readonly unix: number
}

const connected: Step = { after: 0, tag: "connected" }
const end: Step = { after: 0, tag: "end" }

const headers = (after: number, status: number, type: string, more: Readonly<Record<string, string>> = {}): Step => ({
  after,
  tag: "headers",
  status,
  headers: { ...(type === "" ? {} : { "content-type": type }), ...more }
})

const data = (after: number, text: string): Step => ({ after, tag: "data", text, frames: [], content: false })

const done = "data: [DONE]"

/** Frames in one piece. */
const frames = (after: number, list: ReadonlyArray<string>, content: boolean): Step => ({
  after,
  tag: "data",
  text: `${list.join("\n\n")}\n\n`,
  frames: list.includes(done) ? list.filter((each) => each !== done) : list,
  content
})

/** The texts of an answer, chunk by chunk. */
export const textsOf = (id: string, chunks: number): ReadonlyArray<string> =>
  Array.from({ length: chunks }, (_, index) => `${id}:${index} `)

/** What is said, chunk by chunk: an answer of its own, the answer of the vendor's voice, or the rest of one that has begun. */
const saidBy = (ask: Ask): ReadonlyArray<string> => {
  const { chunks, voice } = ask.nature
  if (voice === undefined) return textsOf(ask.id, chunks)
  const all = textsOf(voice, voiceChunks)
  if (ask.prefill === undefined) return all
  const rest = all.filter((_, index) => all.slice(0, index + 1).join("").length > (ask.prefill?.length ?? 0))
  if (ask.luck.chance(0.3)) return [ask.prefill, ...(rest.length === 0 ? [`${ask.id}:more `] : rest)]
  return rest.length > 0 && all.join("").startsWith(ask.prefill) ? rest : textsOf(ask.id, chunks)
}

/** Chunks in the answer of a voice. */
const voiceChunks = 6

const role = (ask: Ask): Step => frames(0, [Wire.frame(ask.id, ask.model, { role: "assistant", content: "" })], false)

/** The numbers of the choices. */
const indexes = ({ choices }: Ask): ReadonlyArray<number> => Array.from({ length: choices }, (_, index) => index)

const content = (ask: Ask, text: string, position: number, thinks: boolean): ReadonlyArray<string> => {
  const delta = thinks && position === 0 ? { reasoning_content: text } : { content: text }
  return indexes(ask).map((index) => Wire.frame(ask.id, ask.model, delta, null, { index }))
}

/** Cuts a piece in two at an odd place, as networks do. */
const split = (step: Step, luck: Prng): ReadonlyArray<Step> => {
  if (step.tag !== "data" || !luck.chance(0.1)) return [step]
  const at = luck.int(1, step.text.length - 1)
  const first = step.text.slice(0, at)
  const early = step.frames.filter((each) => first.includes(each))
  const late = step.frames.filter((each) => !first.includes(each))
  return [
    { after: step.after, tag: "data", text: first, frames: early, content: false },
    { ...step, after: 0, text: step.text.slice(at), frames: late }
  ]
}

/** A stream up to and including its content; `upTo` cuts it short. */
const opening = (ask: Ask, latency: number, upTo?: number): Array<Step> => {
  const { luck, nature } = ask
  const early = Math.floor(latency / 2)
  const steps: Array<Step> = [connected, headers(early, 200, "text/event-stream; charset=utf-8")]
  let rest = latency - early
  if (luck.chance(0.15)) {
    steps.push(data(Math.floor(rest / 2), ": keep-alive\n\n"))
    rest -= Math.floor(rest / 2)
  }
  const thinks = luck.chance(0.2) && nature.voice === undefined
  const isOdd = nature.odd !== undefined && luck.chance(nature.odd)
  saidBy(ask)
    .slice(0, upTo)
    .forEach((text, index) => {
      const list = [...content(ask, text, index, thinks)]
      if (index === 0) list.unshift(...(role(ask) as Extract<Step, { tag: "data" }>).frames)
      if (isOdd && luck.chance(0.5)) list.push(luck.pick(Wire.oddFrames))
      steps.push(...split(frames(index === 0 ? rest : nature.gap, list, true), luck))
    })
  return steps
}

const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }

/** The end of a good stream, in the ways in which vendors end them. */
const closing = (ask: Ask): ReadonlyArray<Step> => {
  const { id, luck, model } = ask
  const way = luck.pick(["plain", "plain", "usage", "noDone", "open", "reset", "inOne"] as const)
  const own = way === "usage" ? undefined : usage
  const last = ask.choices - 1
  const stops = indexes(ask).map((index) =>
    Wire.frame(id, model, {}, "stop", { index, usage: index === last ? own : undefined })
  )
  // Choice by choice, or all of them together.
  const early = stops.slice(0, -1).map((stop) => frames(luck.int(0, 5), [stop], false))
  const stop = stops.at(-1) ?? ""
  return [...early, ...lastOf(ask, way, stop)]
}

type Way = "plain" | "usage" | "noDone" | "open" | "reset" | "inOne"

const lastOf = ({ id, luck, model }: Ask, way: Way, stop: string): ReadonlyArray<Step> => {
  const trailer = `data: ${JSON.stringify({ id, model, choices: [], usage })}`
  switch (way) {
    case "plain":
      return [frames(0, [stop], false), frames(0, [done], false), end]
    case "usage":
      return [frames(0, [stop], false), frames(luck.int(0, 5), [trailer, done], false), end]
    case "noDone":
      return [frames(0, [stop], false), { ...end, after: luck.int(0, 20) }]
    case "open":
      return [frames(0, [stop], false)]
    case "reset":
      return [frames(0, [stop], false), { after: 1, tag: "error", code: "ECONNRESET" }]
    case "inOne":
      return [frames(0, [stop, done], false), end]
  }
}

/** A good answer. */
export const good = (ask: Ask, slowness = 1): ReadonlyArray<Step> => {
  const { id, luck, model, nature } = ask
  const latency = luck.int(nature.latency[0], nature.latency[1]) * slowness
  if (ask.stream) return [...opening(ask, latency), ...closing(ask)]
  const body = Wire.completion(id, model, saidBy(ask).join(""), "stop", ask.choices)
  const early = luck.chance(0.2)
  return [
    connected,
    headers(early ? 0 : latency, 200, "application/json"),
    data(early ? latency : 0, early ? `\n\n${body}` : body),
    end
  ]
}

const balanceOf = (vendor: VendorName, ok: boolean): string =>
  personalities[vendor].balance({ balance: ok ? "110.00" : "0.00", available: ok })

/** The answer to the free endpoint. */
export const listing = (ask: Ask, isBalance: boolean, ok: boolean): ReadonlyArray<Step> => [
  connected,
  headers(ask.nature.latency[0], 200, "application/json"),
  data(0, isBalance && isVendor(ask.type) ? balanceOf(ask.type, ok) : JSON.stringify({ data: [] })),
  end
]

/** A refusal with a status. */
export const refused = (refusal: Wire.Refusal, latency: number): ReadonlyArray<Step> => [
  connected,
  { after: latency, tag: "headers", status: refusal.status, headers: refusal.headers },
  ...(refusal.body === "" ? [] : [data(0, refusal.body)]),
  end
]

/** What a caller's own mistake gets. */
export const flawed = (ask: Ask, flaw: Flaw): ReadonlyArray<Step> =>
  refused(Wire.flawed(ask.type, flaw), ask.nature.latency[0])

const broken = (code: string, after = 0): Step => ({ after, tag: "error", code })

type Ways = Partial<Record<FaultKind, (ask: Ask, fault: Fault, latency: number) => ReadonlyArray<Step>>>

/** Faults of the connection: the same for streams and for JSON. */
const ofConnection: Ways = {
  refused: () => [broken("ECONNREFUSED", 1)],
  unconnected: () => [],
  reset: (_, __, latency) => [connected, broken("ECONNRESET", latency)],
  silent: () => [connected]
}

const ofJson: Ways = {
  ...ofConnection,
  noContent: (_, __, latency) => [connected, headers(latency, 200, "application/json")],
  keepAlives: (_, __, latency) => [
    connected,
    headers(latency, 200, "application/json"),
    ...Array.from({ length: 150 }, () => data(5_000, "\n"))
  ],
  stall: (ask, _, latency) => [connected, headers(latency, 200, "application/json"), data(0, half(ask))],
  cut: (ask, _, latency) => [
    connected,
    headers(latency, 200, "application/json"),
    data(0, half(ask)),
    broken("ECONNRESET", 1)
  ],
  eof: (ask, _, latency) => [connected, headers(latency, 200, "application/json"), data(0, half(ask)), end],
  malformed: (_, __, latency) => [connected, headers(latency, 200, "text/html"), data(0, "<html>hello</html>"), end],
  errorEvent: (_, __, latency) => [connected, headers(latency, 200, "application/json"), data(0, errorBody), end],
  gaveUp: (ask, _, latency) => [
    connected,
    headers(latency, 200, "application/json"),
    data(0, Wire.completion(ask.id, ask.model, "half", "insufficient_system_resource")),
    end
  ],
  empty: (ask, _, latency) => [
    connected,
    headers(latency, 200, "application/json"),
    data(0, ask.luck.pick(["\n\n\n\n", '{"choices":[]}', Wire.completion(ask.id, ask.model, "")])),
    end
  ],
  partial: (ask, _, latency) => [
    connected,
    headers(latency, 200, "application/json", { "x-dashscope-partialresponse": "true" }),
    data(0, Wire.completion(ask.id, ask.model, "the text so far")),
    end
  ]
}

const ofStreams: Ways = {
  ...ofConnection,
  noContent: (ask, _, latency) => [connected, headers(latency, 200, "text/event-stream"), role(ask)],
  keepAlives: (_, __, latency) => [
    connected,
    headers(latency, 200, "text/event-stream"),
    ...Array.from({ length: 150 }, () => data(5_000, ": keep-alive\n\n"))
  ],
  stall: (ask, fault, latency) => opening(ask, latency, fault.chunks ?? 0),
  cut: (ask, fault, latency) => [...opening(ask, latency, fault.chunks ?? 0), broken("ECONNRESET", 1)],
  eof: (ask, fault, latency) => [
    ...opening(ask, latency, fault.chunks ?? 0),
    // One choice of several that is finished makes no answer.
    ...(ask.choices > 1 ? [frames(0, [Wire.frame(ask.id, ask.model, {}, "stop")], false)] : []),
    ...(ask.luck.chance(0.5) ? [frames(0, [done], false)] : []),
    end
  ],
  malformed: (ask, fault, latency) => [...opening(ask, latency, fault.chunks ?? 0), data(1, "data: {oops\n\n"), end],
  errorEvent: (ask, fault, latency) => [
    ...opening(ask, latency, fault.chunks ?? 0),
    data(1, `data: ${errorBody}\n\n`),
    end
  ],
  gaveUp: (ask, fault, latency) => [
    ...opening(ask, latency, fault.chunks ?? 0),
    data(1, `${Wire.frame(ask.id, ask.model, {}, "insufficient_system_resource")}\n\n${done}\n\n`),
    end
  ],
  empty: (ask, _, latency) => [
    connected,
    headers(latency, 200, "text/event-stream"),
    ...(ask.luck.chance(0.5) ? [role(ask), frames(0, [Wire.frame(ask.id, ask.model, {}, "stop")], false)] : []),
    frames(0, [done], false),
    end
  ],
  partial: (ask, _, latency) => opening(ask, latency, 1).concat([broken("ECONNRESET", 1)])
}

const errorBody = JSON.stringify({
  error: { message: "inference internal error.", type: "internal_error", param: null, code: "internal_error" }
})

const half = (ask: Ask): string => {
  const body = Wire.completion(ask.id, ask.model, "half")
  return body.slice(0, Math.floor(body.length / 2))
}

/** How much longer a slow vendor takes. */
export const slowness = 20

const marksPartial = (type: VendorType): boolean =>
  MockFaultKind.catalogue["partial.200"].vendors.some((vendor) => vendor === type)

/** What a fault does to a request. */
export const faulty = (ask: Ask, fault: Fault): ReadonlyArray<Step> => {
  const latency = ask.luck.int(ask.nature.latency[0], ask.nature.latency[1])
  if (fault.kind === "slow") return good(ask, slowness)
  const refusal = Wire.refusalOf(ask.type, fault.kind, ask.luck, {
    fault,
    unix: ask.unix,
    echo: fault.echo === true ? ask.key : undefined
  })
  if (refusal !== undefined) {
    const steps = refused(refusal, latency)
    // The status is known, the body never ends.
    return fault.kind === "slowError" ? steps.slice(0, 2) : steps
  }
  // Only DashScope marks a partial answer; anybody else's is one that was cut.
  const kind = fault.kind === "partial" && !marksPartial(ask.type) ? "cut" : fault.kind
  const way = (ask.stream ? ofStreams : ofJson)[kind]
  if (way === undefined) throw new Error(`no way to play ${fault.kind}`)
  return way(ask, fault, latency)
}
