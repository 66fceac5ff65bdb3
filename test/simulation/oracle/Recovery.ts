/**
 * Invariant 6 for targets: a target that is well again gets its traffic back.
 *
 * Checked where it can be told from outside: the route has one target before its chain, a path over it is healthy, its
 * circuit's longest time is over, no content that it may have closed upon is recent, and either an answer since then has closed it and the slow start is over, or nobody is
 * asking it at the moment, so that this call is the one that proves it. Then the call asks it first.
 */
import type { CallRecord, Entry } from "../world/Journal.ts"
import type { Facts } from "./Facts.ts"
import type { Ledger } from "./Ledger.ts"
import type { Paths } from "./Paths.ts"
import type { Violation } from "./Violation.ts"

/** Looks at one entry; the books stand as of just before it. */
export function* recovery(facts: Facts, ledger: Ledger, paths: Paths, entry: Entry): Generator<Violation> {
  if (entry.tag !== "started") return
  const { call } = entry
  const first = facts.route(call).steps.find(({ isFirst }) => isFirst)
  if (first === undefined || !isSettled(facts, ledger, first, entry.at)) return
  if (paths.find(call, entry.at, { circuits: true, except: (step) => step !== first }) === undefined) return
  const asked = facts.exchangesOf(call)[0]
  if (asked?.provider === first.provider && asked.model === first.model) return
  if (asked === undefined && leftAtOnce(call)) return
  const message = `${first.provider}/${first.model} is well, and ${asked === undefined ? "nobody" : `${asked.provider}/${asked.model ?? ""}`} was asked`
  yield { invariant: 6, message, at: entry.at, call: call.plan.id }
}

const leftAtOnce = (call: CallRecord): boolean => call.leftAt !== undefined && call.leftAt <= call.startedAt

const isSettled = (
  facts: Facts,
  ledger: Ledger,
  first: { readonly provider: string; readonly model: string },
  now: number
): boolean => {
  const { lastContentAt, lastOkAt, open, provenAt } = ledger.target(first)
  const { slowStart } = facts.policy(first.provider)
  if (provenAt !== undefined) return provenAt + slowStart < now
  return open.size === 0 && Math.max(lastOkAt, lastContentAt) + slowStart < now
}
