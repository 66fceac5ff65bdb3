/**
 * The names of the models that the mocked vendors have: those that they list, and those that they merely answer.
 *
 * Both of DeepSeek's generations are known unless a mock is told to be of one year: `deepseek-chat` and `deepseek-reasoner` were
 * retired on 2026-07-24, `deepseek-flash` and `deepseek-v4-pro` are today's.
 */
import * as DeepSeek from "./deepseek/Models.ts"
import type { Catalogue } from "./internal/vendor/Personality.ts"
import type { VendorName } from "./Journal.ts"
import * as Qwen from "./qwen/Models.ts"

export type { Catalogue } from "./internal/vendor/Personality.ts"

/** Every catalogue. */
export const catalogues: ReadonlyArray<Catalogue> = ["2025", "2026", "both"]

/** The names that `GET /models` lists, today's first. */
export const listed = (vendor: VendorName, catalogue: Catalogue = "both"): ReadonlyArray<string> =>
  vendor === "deepseek" ? DeepSeek.listed(catalogue) : Qwen.listed

/** Whether the vendor answers a request for the model; some names are answered without being listed. */
export const answers = (vendor: VendorName, model: string, catalogue: Catalogue = "both"): boolean =>
  vendor === "deepseek"
    ? DeepSeek.accepts(catalogue, model)
    : Qwen.find(model) !== undefined || Object.hasOwn(Qwen.embeddings, model)
