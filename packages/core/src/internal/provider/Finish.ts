/**
 * How a finish reason is to be read. What any vendor says where it gives up is read so everywhere: another one may stand behind
 * a gateway.
 */

import { vendors } from "../../provider/Vendors.ts"
import * as Inspect from "../wire/Inspect.ts"
import type { Vendor } from "./Vendor.ts"

const unfinished = Object.values(vendors).flatMap(({ dialect }: Vendor) => dialect.unfinished ?? [])

/** Reads a raw `finish_reason`. */
export const of = (raw: unknown): Inspect.Finish => {
  if (raw === "stop") return "complete"
  if (!Inspect.isFinish(raw)) return "none"
  return unfinished.some((pattern) => pattern.test(raw)) ? "gaveUp" : "complete"
}
