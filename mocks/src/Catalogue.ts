/**
 * The names of the models that the mocked vendors have: those that they list, and those that they merely answer.
 *
 * The list is today's. DeepSeek's `deepseek-chat` and `deepseek-reasoner` were retired on 2026-07-24; they are answered all the same,
 * unless a mock is told to be of one year.
 */
import type { Catalogue } from "./internal/vendor/Personality.ts"
import { personalities, type VendorName } from "./VendorList.ts"

export type { Catalogue } from "./internal/vendor/Personality.ts"

/** Every catalogue. */
export const catalogues: ReadonlyArray<Catalogue> = ["2025", "2026", "both"]

/** The names that `GET /models` lists. */
export const listed = (vendor: VendorName, catalogue: Catalogue = "both"): ReadonlyArray<string> =>
  personalities[vendor].listed(catalogue)

/** Tokens that a model's context holds; undefined where nobody has such a model. */
export const contextOf = (vendor: VendorName, model: string): number | undefined =>
  personalities[vendor].contextOf(model)

/** Whether the vendor answers a request for the model; some names are answered without being listed. */
export const answers = (vendor: VendorName, model: string, catalogue: Catalogue = "both"): boolean =>
  personalities[vendor].answers(catalogue, model)
