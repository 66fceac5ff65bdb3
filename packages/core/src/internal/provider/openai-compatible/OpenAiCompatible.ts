/**
 * Any server that speaks OpenAI's chat completions: OpenAI itself, vLLM, Ollama, another gateway. Nothing vendor-specific
 * is assumed; keys are optional.
 */
import type { Dialect } from "../../../provider/Dialect.ts"
import * as Offer from "../Offer.ts"
import type { Vendor } from "../Vendor.ts"
import * as Refusals from "./Refusals.ts"

/** The dialect of provider type `openai-compatible`. */
export const dialect: Dialect = {
  type: "openai-compatible",
  baseUrl: undefined,
  defaultPath: "/v1",
  errors: Refusals.rows,
  probe: { path: "/models", isHealthy: (status) => status >= 200 && status < 300 },
  lengthField: undefined,
  structuredOutput: () => "json_schema",
  // It may be another gateway, with any vendor behind it: their fields pass.
  switches: undefined,
  // Gemini writes the last one for a call that it could not write.
  unfinished: /^(aborted|abort|error|timeout|failed|cancell?ed|(function_call_filter: *)?malformed_function_call)$/i,
  lower: ({ messages }) => messages,
  prefill: undefined,
  completionsPath: (_, path) => path,
  retired: {}
}

/** Whoever speaks so. */
export const vendor: Vendor = { dialect, service: undefined, offers: Offer.none }
