/**
 * A trace across processes, as W3C's Trace Context has it: `traceparent` names the trace and the span that a request belongs
 * under, `tracestate` is what tracing systems add for each other.
 *
 * **Details**
 *
 * - What comes in with a request and is no valid `traceparent` is passed over, as the standard says, and so is its `tracestate`.
 * - What goes out names the attempt's span, where somebody traces it; else the caller's, so that a trace goes on through a
 *   process that has no tracer. It holds random ids and a flag, nothing of what is asked.
 * - Effect's `Tracer.DisablePropagation`, on a span, keeps it in.
 *
 * @see https://www.w3.org/TR/trace-context/
 */
import * as Context from "effect/Context"
import * as Tracer from "effect/Tracer"

/** Header names in lower case, as servers and `fetch` give them. */
type Headers = Readonly<Record<string, string | undefined>>

/** What tracing systems told each other so far; undefined where nothing came. */
const State: Context.Reference<string | undefined> = Context.Reference<string | undefined>(
  "understudy/core/TraceState",
  { defaultValue: () => undefined }
)

const parent = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const traceIds = /^(?!0{32})[0-9a-f]{32}$/
const spanIds = /^(?!0{16})[0-9a-f]{16}$/
const printable = /^[\x20-\x7e]{1,8192}$/

/** How far up a span's ancestors are asked for what came in: no trace is deeper. */
const highest = 256

/** The span that a request with these headers belongs under; undefined without one. */
export const fromHeaders = (headers: Headers | undefined): Tracer.ExternalSpan | undefined => {
  const given = headers?.["traceparent"]
  const match = typeof given === "string" ? parent.exec(given.trim()) : null
  if (match === null) return undefined
  const [, version, traceId = "", spanId = "", flags = "", further] = match
  if (version === "00" && further !== undefined) return undefined
  const state = headers?.["tracestate"]
  const kept = typeof state === "string" && printable.test(state) ? state : undefined
  return Tracer.externalSpan({
    traceId,
    spanId,
    sampled: (Number.parseInt(flags, 16) & 1) === 1,
    annotations: kept === undefined ? Context.empty() : Context.make(State, kept)
  })
}

/**
 * The span that a call belongs under: its fiber's, or what came in with the request, where the fiber's is of another trace
 * (that of whoever started a server).
 */
export const parentOf = (own: Tracer.AnySpan | undefined, headers: Headers): Tracer.AnySpan | undefined => {
  const given = fromHeaders(headers)
  return given === undefined || own?.traceId === given.traceId ? (own ?? given) : given
}

const stateOf = (span: Tracer.AnySpan): string | undefined => {
  let at: Tracer.AnySpan | undefined = span
  for (let height = 0; at !== undefined && height < highest; height++) {
    const state: string | undefined = Context.get(at.annotations, State)
    if (state !== undefined) return state
    at = at._tag === "Span" && at.parent._tag === "Some" ? at.parent.value : undefined
  }
  return undefined
}

/** The headers of a request that belongs under a span; undefined for a span without ids that others understand. */
export const toHeaders = (span: Tracer.AnySpan): Readonly<Record<string, string>> | undefined => {
  const { sampled, spanId, traceId } = span
  if (!traceIds.test(traceId) || !spanIds.test(spanId)) return undefined
  if (Context.get(span.annotations, Tracer.DisablePropagation)) return undefined
  const traceparent = `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`
  const tracestate = stateOf(span)
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
}
