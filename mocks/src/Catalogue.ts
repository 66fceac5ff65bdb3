/**
 * The names of the models that the mocked vendors have: those that they list, and those that they merely answer.
 *
 * Both of DeepSeek's generations are known unless a mock is told to be of one year: `deepseek-chat` and `deepseek-reasoner` were
 * retired on 2026-07-24, `deepseek-flash` and `deepseek-v4-pro` are today's.
 */
import type { Catalogue } from "./internal/vendor/Personality.ts"
import { personalities, type VendorName } from "./VendorList.ts"

export type { Catalogue } from "./internal/vendor/Personality.ts"

/** Every catalogue. */
export const catalogues: ReadonlyArray<Catalogue> = ["2025", "2026", "both"]

/** The names that `GET /models` lists, today's first. */
export const listed = (vendor: VendorName, catalogue: Catalogue = "both"): ReadonlyArray<string> =>
  personalities[vendor].listed(catalogue)

/** Whether the vendor answers a request for the model; some names are answered without being listed. */
export const answers = (vendor: VendorName, model: string, catalogue: Catalogue = "both"): boolean =>
  personalities[vendor].answers(catalogue, model)
