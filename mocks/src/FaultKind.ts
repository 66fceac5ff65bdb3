/**
 * The catalogue of what can go wrong, and which adapter can do it.
 *
 * A kind belongs to a stage. `edge` faults happen before the vendor looks at the key; `service` faults are whole refusals
 * (the vendor's own status, headers and body) after the key was accepted; `answer` faults bend an ordinary answer and can
 * be combined. `harm` says what is left of the answer.
 *
 * **Gotchas**
 *
 * - `server`, `network` and `transport` say how true each adapter is. A `refused` kind fails when it is added, or when the
 *   adapter is attached, and the message names the adapters that can.
 *
 * **Example** (what can this adapter not do?)
 *
 * ```ts
 * Object.entries(FaultKind.catalogue).filter(([, kind]) => kind.network === "refused").map(([name]) => name)
 * ```
 */
import type { AdapterName } from "./Journal.ts"
import { personalities, type VendorName, names as vendors } from "./VendorList.ts"

/** How true an adapter is to a fault: the same on the wire, another error code in the client, or not at all. */
export type Capability = "exact" | "approximate" | "refused"

/** When a fault strikes. */
export type Stage = "edge" | "service" | "answer"

/** What a fault does to an answer: it is not one, it comes late, or it is as good as any. */
export type Harm = "breaks" | "slows" | "harmless"

/** What is known of a kind of fault. */
export interface Description {
  readonly stage: Stage
  readonly vendors: ReadonlyArray<VendorName>
  readonly server: Capability
  readonly network: Capability
  readonly transport: Capability
  readonly harm: Harm
  readonly about: string
}

/** What a row says; which vendors have it, they say themselves. */
type Row = Omit<Description, "vendors"> & {
  /** True where a vendor must name it among its own. */
  readonly own: boolean
}

const make =
  (stage: Stage, harm: Harm = "breaks") =>
  (about: string, whose: "all" | "own" = "all", server: Capability = "exact", network: Capability = "exact"): Row => ({
    stage,
    own: whose === "own",
    server,
    network,
    transport: "exact",
    harm,
    about
  })

const edge = make("edge")
const service = make("service")
const answer = make("answer")
const slow = make("answer", "slows")
const harmless = make("answer", "harmless")

const kinds = {
  refuse: edge("connection refused", "all", "refused"),
  dns: edge("the host name does not resolve", "all", "refused"),
  "reset.before": edge("RST before the status line"),
  "close.before": edge("FIN before the status line"),
  "stall.before": edge("never answers"),
  "edge.html": edge("502 from the network in front, not JSON"),
  "edge.timeout": edge("504 from the network in front, not JSON"),

  "auth.invalid": service("401, the key is wrong or revoked"),
  "auth.missing": service("401 as if no key had been sent"),
  "auth.format": service("401 as if the key had no sk- form", "own"),
  "auth.workspace": service("401 of a workspace host", "own"),
  "auth.plan": service("401 of a plan host", "own"),
  "access.denied": service("403, the account may not use the model", "own"),
  "billing.exhausted": service("402 Insufficient Balance; Qwen: 400 Arrearage"),
  "billing.shrinking": service("429 with a concurrency limit of 7, 5, 3, 1, then 402", "own"),
  "billing.freeTier": service("403 AllocationQuota.FreeTierOnly", "own"),
  "billing.freeQuota": service("403 insufficient_quota of the international free tier", "own"),
  "billing.overdue": service("429 PostpaidBillOverdue", "own"),
  "rate.limit": service("429, concurrency (DeepSeek) or requests per minute (Qwen)"),
  "rate.tokens": service("429, tokens per minute"),
  "rate.burst": service("429 limit_burst_rate", "own"),
  "overload.fast": service("503, at once; Qwen: 500 whose body says 503"),
  "overload.disguised": service("400 ServiceUnavailable", "own"),
  "overload.serving": service("503 ModelServingError", "own"),
  "model.unavailable": service("503 ModelUnavailable", "own"),
  "content.input": service("400, the prompt was judged unsafe"),
  "model.gone": service("the model no longer exists"),
  "model.unsupported": service("404 model_not_supported", "own"),
  "mode.mismatch": service("400, the model cannot be called this way"),
  "request.thinking": service("400, enable_thinking must be false without streaming", "own"),
  "request.malformed": service("400, the body could not be read"),
  "request.invalid": service("a parameter is wrong: 422 (DeepSeek) or 400"),
  "request.tooLong": service("400, the context is longer than the model's"),
  "request.tooLarge": service("413, the body is too large"),
  "server.error": service("500"),
  "server.empty": service("500 with an empty body", "own"),
  "server.timeout": service("500 RequestTimeOut", "own"),

  "slow.headers": slow("the status line comes late"),
  "slow.firstToken": slow("headers at once, the first content late"),
  "slow.chunks": slow("a wait before every content chunk"),
  "overload.queue": slow("200, then blank lines or keep-alive comments for a while", "own"),
  "stall.thinking": answer("silence after some reasoning chunks, socket open"),
  "stall.midstream": answer("silence after some content chunks, socket open"),
  "cut.midstream": answer("FIN after some content chunks", "all", "exact", "approximate"),
  "reset.midstream": answer("RST after some content chunks", "all", "exact", "approximate"),
  "halfclose.midstream": answer("FIN after some content chunks, still reading", "all", "exact", "refused"),
  "eof.noDone": answer("ends cleanly without finish_reason and [DONE]"),
  "finish.missing": answer("[DONE] without a finish_reason"),
  "finish.resource": answer("finish_reason insufficient_system_resource", "own"),
  "content.output": answer("the answer was judged unsafe half-way"),
  "error.midstream": answer("an error event inside HTTP 200"),
  "frame.malformed": answer("a frame that is not JSON"),
  "empty.200": answer("200 with nothing in it"),
  "body.short": answer("fewer bytes than content-length says", "all", "exact", "approximate"),
  "bytes.sliced": harmless("slices that split characters and frames"),
  "partial.200": answer("200 with half the text and x-dashscope-partialresponse", "own")
} as const satisfies Record<string, Row>

/** The name of a kind of fault. */
export type FaultKind = keyof typeof kinds

/** Every name. */
export const names = Object.keys(kinds) as ReadonlyArray<FaultKind>

const describe = (name: FaultKind): Description => {
  const { own, ...row } = kinds[name]
  return { ...row, vendors: own ? vendors.filter((vendor) => personalities[vendor].own.includes(name)) : vendors }
}

/** Every kind by its name. */
export const catalogue = Object.fromEntries(names.map((name) => [name, describe(name)])) as Readonly<
  Record<FaultKind, Description>
>

const modules: Record<AdapterName, string> = {
  server: "MockServer",
  network: "MockNetwork",
  transport: "MockTransport"
}

/** Every adapter. */
export const adapters = Object.keys(modules) as ReadonlyArray<AdapterName>

/** Says why an adapter cannot do a kind, or nothing when it can. */
export const objection = (kind: FaultKind, adapter: AdapterName): string | undefined => {
  const description = catalogue[kind]
  if (description[adapter] !== "refused") return undefined
  const able = adapters.filter((other) => description[other] !== "refused").map((other) => modules[other])
  return `${modules[adapter]} cannot do "${kind}" (${description.about}); ${able.join(" and ")} can`
}
