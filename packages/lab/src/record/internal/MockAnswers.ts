/** What our own mocks answer to a request of the same kind as a recorded one: as they are, and with faults that fit. */
import * as Catalogue from "@understudy/mocks/Catalogue"
import * as Clock from "@understudy/mocks/Clock"
import * as FaultKind from "@understudy/mocks/FaultKind"
import type { Recording } from "@understudy/mocks/Recording"
import * as Vendors from "@understudy/mocks/Vendors"
import type { Exchange } from "../Cassette.ts"

type Fault = NonNullable<Vendors.Options["faults"]>[number]

const tool = { type: "function", function: { name: "lookup", parameters: { type: "object", properties: {} } } }

const isKnown = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.values(value).every(isKnown) : typeof value !== "string"

/** Options whose words are the API's own, in `asked.options` too. */
const spoken = ["thinking", "response_format"]

/** The options whose values are known, in a request that otherwise says as little as it can. */
const bodyOf = ({ asked, recording: { frames, model, status, stream } }: Exchange): string => {
  const { tools: _, tool_choice: __, ...options } = asked.options
  const known = Object.entries(options).filter(([name, value]) => isKnown(value) || spoken.includes(name))
  const calls = frames.some(({ data }) => data.includes('"tool_calls"'))
  // Without the word json a response format is refused, as some recorded requests were.
  const content = calls ? "lookup" : status < 400 ? "Who are you? Say it in json." : "Who are you?"
  return JSON.stringify({
    ...Object.fromEntries(known),
    model,
    stream,
    messages: [{ role: "user", content }],
    ...(calls ? { tools: [tool] } : {})
  })
}

const answer = (exchange: Exchange, catalogue: Catalogue.Catalogue, fault?: Fault): Recording => {
  const { model, stream, vendor } = exchange.recording
  const vendors = Vendors.make({
    clock: Clock.manual(),
    acceptAnyKey: true,
    catalogue,
    faults: fault === undefined ? [] : [fault]
  })
  const { plan } = vendors.receive({
    adapter: "server",
    vendor,
    method: "POST",
    path: exchange.asked.path,
    authorization: "Bearer sk-demo-drift",
    body: bodyOf(exchange)
  })
  const frames = plan.steps.map(({ after, data }) => ({ after, data: String(data) }))
  return { vendor, model, stream, status: plan.status, headers: plan.headers, frames, end: "complete" }
}

/** The faults that an answer shows, and those that a refusal may be. */
const kindsFor = ({ frames, status }: Recording, labels: ReadonlyArray<string>): ReadonlyArray<FaultKind.FaultKind> => {
  const says = (word: string): boolean => frames.some(({ data }) => data.includes(`"${word}"`))
  const shown: ReadonlyArray<readonly [FaultKind.FaultKind, boolean]> = [
    ["overload.queue", labels.includes("keep-alive")],
    ["error.midstream", labels.includes("error")],
    ["content.output", status >= 400 || labels.includes("error") || says("content_filter")],
    ["finish.resource", says("insufficient_system_resource")]
  ]
  const refusals = FaultKind.names.filter((kind) => {
    const { meaning, stage } = FaultKind.catalogue[kind]
    return stage !== "answer" && meaning !== "unreachable" && meaning !== "silent"
  })
  return [...shown.flatMap(([kind, is]) => (is ? [kind] : [])), ...(status >= 400 ? refusals : [])]
}

const faultsFor = (recording: Recording, labels: ReadonlyArray<string>): ReadonlyArray<Fault> => {
  const { vendor } = recording
  const known = (kind: FaultKind.FaultKind): boolean =>
    FaultKind.catalogue[kind].vendors.some((name) => name === vendor)
  return kindsFor(recording, labels)
    .filter(known)
    .flatMap(
      (kind): ReadonlyArray<Fault> => (kind === "content.input" ? [{ kind }, { kind, shape: "sse" }] : [{ kind }])
    )
}

/** Every answer that the recorded one may be compared with, the ordinary ones first. */
export const of = (exchange: Exchange, labels: ReadonlyArray<string>): ReadonlyArray<Recording> => {
  const { recording } = exchange
  const { model, vendor } = recording
  const isOld = Catalogue.answers(vendor, model, "2025") && !Catalogue.answers(vendor, model, "2026")
  const catalogue = isOld ? "2025" : "2026"
  return [
    answer(exchange, catalogue),
    answer(exchange, catalogue === "2025" ? "2026" : "2025"),
    ...faultsFor(recording, labels).map((fault) => answer(exchange, catalogue, fault))
  ]
}
