/**
 * What real vendors do that our mocks do not, and the other way round: cassette in, report out, nothing else involved.
 *
 * Every recorded answer is compared with the mock's to a request of the same kind (vendor, model, stream, options): headers,
 * order of frames, fields of each kind of frame with their types and order, forms of ids, finish reasons, error bodies. A
 * refusal is compared with the one of the mock's refusals of that status that is nearest. An answer to a request of the table of
 * rules (`Rules` of the mocks) is compared with what the table says.
 *
 * **Gotchas**
 *
 * - An answer that broke off is compared as far as it goes; one that broke off inside its JSON body is skipped, and so is a
 *   refusal that is beside a rule: a limit, an overload.
 *
 * **Example** (does anything have to be changed?)
 *
 * ```ts
 * import { Drift } from "@understudy/lab"
 *
 * Drift.of([]).differences // => []
 * ```
 */
import type { Recording } from "@understudy/mocks/Recording"
import type { Exchange } from "./Cassette.ts"
import * as Features from "./internal/Features.ts"
import * as Frames from "./internal/Frames.ts"
import * as MockAnswers from "./internal/MockAnswers.ts"
import * as RuleCheck from "./internal/RuleCheck.ts"
import * as Redaction from "./Redaction.ts"

/** One thing that is not the same. */
export interface Difference {
  readonly vendor: Recording["vendor"]
  /** `rule NAME`, `status`, `header NAME`, `frames`, `model`, or a kind of frame and a path in it: `usage usage.total_tokens`. */
  readonly place: string
  /** What the vendor sends there; undefined: nothing. */
  readonly real: string | undefined
  /** What the mock sends there; undefined: nothing. */
  readonly mock: string | undefined
  /** The exchanges of the cassette that show it, counted from 1. */
  readonly exchanges: ReadonlyArray<number>
}

/** The outcome of a comparison. */
export interface Drift {
  readonly compared: number
  /** The exchanges that cannot be compared, counted from 1. */
  readonly skipped: ReadonlyArray<number>
  readonly differences: ReadonlyArray<Difference>
}

type Found = Pick<Difference, "place" | "real" | "mock">

const list = (values: ReadonlySet<string> | undefined): string | undefined =>
  values && [...values].toSorted().join(", ")

/** The places above a place: what lies below a field that is missing goes without saying. */
const isBelow = (place: string, others: ReadonlyArray<string>): boolean =>
  others.some((other) => other !== place && place.startsWith(other) && /^[.[ ]/.test(place.slice(other.length)))

const compareFound = (real: Features.Features, mock: Features.Features): ReadonlyArray<Found> => {
  const places = [...new Set([...real.found.keys(), ...mock.found.keys()])]
  const oneSided = places.filter((place) => !real.found.has(place) || !mock.found.has(place))
  return places.flatMap((place) => {
    const found = { place, real: list(real.found.get(place)), mock: list(mock.found.get(place)) }
    return found.real === found.mock || isBelow(place, oneSided) ? [] : [found]
  })
}

const shared = (order: string, with_: string): string => {
  const keys = with_.split(", ")
  return order
    .split(", ")
    .filter((key) => keys.includes(key))
    .join(", ")
}

const compareOrders = (real: Features.Features, mock: Features.Features): ReadonlyArray<Found> =>
  [...real.orders].flatMap(([place, orders]) => {
    const known = [...(mock.orders.get(place) ?? [])]
    const strange = [...orders].find((order) => !known.some((other) => shared(order, other) === shared(other, order)))
    return known.length === 0 || strange === undefined
      ? []
      : [{ place: `${place.trim()} (order of keys)`, real: strange, mock: known[0] }]
  })

const safe = { secrets: [], keepText: false }

/** Of the mock's parts as many runs as came of the vendor's answer, where that broke off. */
const asFar = (
  { end }: Recording,
  real: ReadonlyArray<Frames.Part>,
  mock: ReadonlyArray<Frames.Part>
): ReadonlyArray<Frames.Part> =>
  end === "complete" ? mock : mock.slice(0, Frames.runs(mock)[Frames.runs(real).length])

const compare = (recording: Recording, parts: ReadonlyArray<Frames.Part>, other: Recording): ReadonlyArray<Found> => {
  const real = Features.of(recording, parts)
  const mock = Features.of(other, asFar(recording, parts, Frames.of(other)))
  return [...compareFound(real, mock), ...compareOrders(real, mock)]
}

const nearest = (exchange: Exchange): ReadonlyArray<Found> | undefined => {
  const rule = RuleCheck.ruleOf(exchange)
  if (rule !== undefined) return RuleCheck.isBeside(rule, exchange) ? undefined : RuleCheck.compare(rule, exchange)
  const recording = Redaction.recording(exchange.recording, safe)
  const parts = Frames.of(recording)
  if (recording.end !== "complete" && (parts.length === 0 || parts.some(({ label }) => label === "body")))
    return undefined
  const labels = parts.map(({ label }) => label)
  const [ordinary, ...others] = MockAnswers.of(exchange, labels).map((answer) => Redaction.recording(answer, safe))
  const candidates = [ordinary, ...others].filter((answer) => answer?.status === recording.status)
  const compared = candidates.map((answer) => (answer === undefined ? [] : compare(recording, parts, answer)))
  const best = compared.toSorted((a, b) => a.length - b.length)[0]
  if (best !== undefined) return best
  const said = parts.find(({ label }) => label === "body")?.data.slice(0, 300)
  return [{ place: "status", real: [recording.status, said].join(" ").trim(), mock: String(ordinary?.status) }]
}

/** Compares the exchanges of a cassette with the mocks. */
export const of = (exchanges: ReadonlyArray<Exchange>): Drift => {
  const skipped: Array<number> = []
  const differences = new Map<string, Difference>()
  for (const [index, exchange] of exchanges.entries()) {
    const found = nearest(exchange)
    if (found === undefined) skipped.push(index + 1)
    const { vendor } = exchange.recording
    for (const each of found ?? []) {
      const id = JSON.stringify([vendor, each.place, each.real, each.mock])
      const shown = differences.get(id)?.exchanges ?? []
      differences.set(id, { vendor, ...each, exchanges: [...shown, index + 1] })
    }
  }
  return { compared: exchanges.length - skipped.length, skipped, differences: [...differences.values()] }
}
