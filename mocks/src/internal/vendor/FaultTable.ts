/**
 * Every kind of fault: when it strikes, what it means, and which adapter can do it. A new kind is a row here; the vendors that
 * alone have it name it among their own.
 *
 * @see FaultKind for what others read of it
 */
import type { Meaning } from "../../Meaning.ts"

/** How true an adapter is to a fault: the same on the wire, another error code in the client, or not at all. */
export type Capability = "exact" | "approximate" | "refused"

/** When a fault strikes. */
export type Stage = "edge" | "service" | "answer"

/** What a row says; which vendors have it, they say themselves. */
export interface Row {
  readonly stage: Stage
  readonly meaning: Meaning
  /** True where a vendor must name it among its own. */
  readonly own: boolean
  readonly server: Capability
  readonly network: Capability
  readonly transport: Capability
  readonly about: string
}

const at =
  (stage: Stage) =>
  (
    meaning: Meaning,
    about: string,
    whose: "all" | "own" = "all",
    server: Capability = "exact",
    network: Capability = "exact"
  ): Row => ({ stage, meaning, own: whose === "own", server, network, transport: "exact", about })

const edge = at("edge")
const service = at("service")
const answer = at("answer")

/** Every kind by its name. */
export const kinds = {
  refuse: edge("unreachable", "connection refused", "all", "refused"),
  dns: edge("unreachable", "the host name does not resolve", "all", "refused"),
  "reset.before": edge("unreachable", "RST before the status line"),
  "close.before": edge("unreachable", "FIN before the status line"),
  "stall.before": edge("silent", "never answers"),
  "edge.html": edge("busy", "502 from the network in front, not JSON"),
  "edge.timeout": edge("busy", "504 from the network in front, not JSON"),

  "auth.invalid": service("credentials", "401, the key is wrong or revoked"),
  "auth.missing": service("credentials", "401 as if no key had been sent"),
  "auth.format": service("credentials", "401 as if the key had no sk- form", "own"),
  "auth.workspace": service("credentials", "401 of a workspace host", "own"),
  "auth.plan": service("credentials", "401 of a plan host", "own"),
  "access.denied": service("permission", "403, the account may not use the model", "own"),
  "billing.exhausted": service("balance", "402 Insufficient Balance; Qwen: 400 Arrearage"),
  "billing.shrinking": service("limit", "429 with a concurrency limit of 7, 5, 3, 1, then 402", "own"),
  "billing.freeTier": service("balance", "403 AllocationQuota.FreeTierOnly", "own"),
  "billing.freeQuota": service("balance", "403 insufficient_quota of the international free tier", "own"),
  "billing.overdue": service("balance", "429 PostpaidBillOverdue", "own"),
  "rate.limit": service("limit", "429, concurrency (DeepSeek) or requests per minute (Qwen)"),
  "rate.tokens": service("limit", "429, tokens per minute"),
  "rate.burst": service("limit", "429 limit_burst_rate", "own"),
  "overload.fast": service("busy", "503, at once; Qwen: 500 whose body says 503"),
  "overload.disguised": service("busy", "400 ServiceUnavailable", "own"),
  "overload.serving": service("busy", "503 ModelServingError", "own"),
  "model.unavailable": service("busy", "503 ModelUnavailable", "own"),
  "content.input": service("caller", "400, the prompt was judged unsafe"),
  "model.gone": service("gone", "the model no longer exists"),
  "model.unsupported": service("gone", "404 model_not_supported", "own"),
  "mode.mismatch": service("unfit", "400, the model cannot be called this way"),
  "request.thinking": service("unfit", "400, enable_thinking must be false without streaming", "own"),
  "request.malformed": service("caller", "400, the body could not be read"),
  "request.invalid": service("caller", "a parameter is wrong: 422 (DeepSeek) or 400"),
  "request.tooLong": service("unfit", "400, the context is longer than the model's"),
  "request.tooLarge": service("unfit", "413, the body is larger than the vendor takes"),
  "server.error": service("busy", "500"),
  "server.empty": service("busy", "500 with an empty body", "own"),
  "server.timeout": service("busy", "500 RequestTimeOut", "own"),

  "slow.headers": answer("late", "the status line comes late"),
  "slow.firstToken": answer("late", "headers at once, the first content late"),
  "slow.chunks": answer("late", "a wait before every content chunk"),
  "overload.queue": answer("queued", "200, then blank lines or keep-alive comments for a while", "own"),
  "stall.thinking": answer("silent", "silence after some reasoning chunks, socket open"),
  "stall.midstream": answer("silent", "silence after some content chunks, socket open"),
  "cut.midstream": answer("broken", "FIN after some content chunks", "all", "exact", "approximate"),
  "reset.midstream": answer("broken", "RST after some content chunks", "all", "exact", "approximate"),
  "halfclose.midstream": answer("broken", "FIN after some content chunks, still reading", "all", "exact", "refused"),
  "eof.noDone": answer("broken", "ends cleanly without finish_reason and [DONE]"),
  "finish.missing": answer("broken", "[DONE] without a finish_reason"),
  "finish.resource": answer("broken", "finish_reason insufficient_system_resource", "own"),
  "content.output": answer("censored", "the answer was judged unsafe half-way"),
  "error.midstream": answer("broken", "an error event inside HTTP 200"),
  "frame.malformed": answer("broken", "a frame that is not JSON"),
  "empty.200": answer("broken", "200 with nothing in it"),
  "body.short": answer("broken", "fewer bytes than content-length says", "all", "exact", "approximate"),
  "bytes.sliced": answer("harmless", "slices that split characters and frames"),
  "partial.200": answer("broken", "200 with half the text and x-dashscope-partialresponse", "own")
} as const satisfies Record<string, Row>

/** The name of a kind of fault. */
export type FaultKind = keyof typeof kinds
