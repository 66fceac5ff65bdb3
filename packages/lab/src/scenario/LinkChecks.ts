/** What a schema cannot say of links: that there is somebody at their other end, and that their latencies rise. */
import type { VendorName } from "@understudy/mocks/VendorList"
import { type Report, seconds } from "./Issues.ts"
import type { ScenarioOptions } from "./Options.ts"
import type { Path } from "./ScenarioError.ts"
import * as Schedule from "./Schedule.ts"

type Link = NonNullable<NonNullable<ScenarioOptions["links"]>[VendorName]>

const checkLatency = (
  path: Path,
  { median, p99 = median, tail = p99 }: NonNullable<Link["latency"]>,
  report: Report
) => {
  const [half, most, all] = [Schedule.millis(median), Schedule.millis(p99), Schedule.millis(tail)]
  if (half === 0) report([...path, "median"], "is no time at all: leave latency out")
  else if (most < half) report([...path, "p99"], `is less than the median (${seconds(half)})`)
  else if (all < most) report([...path, "tail"], `is less than p99 (${seconds(most)})`)
}

/** Checks the links; `vendors` are those that there are keys of. */
export const check = (links: ScenarioOptions["links"], vendors: Iterable<VendorName>, report: Report): void => {
  const present = new Set<string>(vendors)
  for (const [vendor, link] of Object.entries(links ?? {})) {
    if (!present.has(vendor)) report(["links", vendor], `leads nowhere: this scenario has no key of ${vendor}`)
    if (link.latency !== undefined) checkLatency(["links", vendor, "latency"], link.latency, report)
  }
}
