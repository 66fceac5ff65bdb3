/**
 * What a schema cannot say of faults: that whom they hit exists, and that they ever strike.
 */
import * as MockFault from "@understudy/mocks/Fault"
import type { VendorName } from "@understudy/mocks/VendorList"
import * as Result from "effect/Result"
import { type Context, counting, seconds, shown } from "./Issues.ts"
import { foreign } from "./KeyChecks.ts"
import type { FaultOptions } from "./Options.ts"
import type { Path } from "./ScenarioError.ts"
import * as Schedule from "./Schedule.ts"
import * as Suggest from "./Suggest.ts"

/** When the faults of a phase can strike: its beginning, and its length where it is known. */
export interface Span {
  readonly begins: number
  readonly lasts: number
}

const checkTarget = (path: Path, fault: FaultOptions, { accounts, keys, paths, report }: Context): void => {
  const names = { key: keys, account: accounts }
  const vendors: Array<VendorName> = fault.vendor === undefined ? [] : [fault.vendor]
  for (const field of ["key", "account"] as const) {
    const name = fault[field]
    if (name === undefined) continue
    const vendor = names[field].get(name)
    if (vendor === undefined) {
      report(
        [...path, field],
        `${shown(name)} is no ${field} of this scenario: ${Suggest.hint(name, [...names[field].keys()])}`
      )
    } else if (vendors.some((other) => other !== vendor)) {
      report([...path, field], `"${name}" belongs to ${vendor}, not to ${vendors.join()}: nothing fits both`)
    } else vendors.push(vendor)
  }
  const objection = vendors[0] === undefined ? undefined : foreign(fault.kind, vendors[0])
  if (objection !== undefined) report([...path, "kind"], objection)
  const { model } = fault
  const models = paths.filter(({ vendor }) => vendor === (vendors[0] ?? vendor)).map((plan) => plan.model)
  if (model === undefined || models.length === 0 || models.includes(model)) return
  report([...path, "model"], `no request is about "${model}" here: ${Suggest.hint(model, [...new Set(models)])}`)
}

const checkWindow = (path: Path, fault: FaultOptions, { begins, lasts }: Span, { length, report }: Context): void => {
  const from = Schedule.millis(fault.from) ?? 0
  const until = Schedule.millis(fault.until)
  if (fault.for !== undefined && until !== undefined) {
    report([...path, "until"], "cannot stand beside for: leave one of them out")
  } else if (until !== undefined && until <= from) {
    report([...path, "until"], `is not after from (${seconds(from)}): the fault would never strike`)
  } else if (fault.for !== undefined && Schedule.millis(fault.for) === 0) {
    report([...path, "for"], "is no time at all: the fault would never strike")
  }
  if (fault.from === undefined) return
  if (from >= lasts) report([...path, "from"], `is not before the end of its phase (${seconds(lasts)})`)
  else if (begins + from > length) {
    report([...path, "from"], `is at ${seconds(begins + from)}, after the last call (${seconds(length)})`)
  }
}

const checkChoice = (path: Path, fault: FaultOptions, { report }: Context): void => {
  const { attempt, flap, ordinals } = fault
  if (flap !== undefined) {
    const [every, on] = [Schedule.millis(flap.every), Schedule.millis(flap.on)]
    if (on === 0) report([...path, "flap", "on"], "is no time at all: the fault would never strike")
    if (on > every) report([...path, "flap", "on"], `is longer than every (${seconds(every)})`)
  }
  if (ordinals?.length === 0) report([...path, "ordinals"], "is empty: the fault would never strike")
  if (Array.isArray(attempt) && attempt.length === 0)
    report([...path, "attempt"], "is empty: the fault would never strike")
  const beside = (["skip", "times", "ratio"] as const).filter((name) => fault[name] !== undefined)
  if (ordinals === undefined) return
  for (const name of beside) report([...path, name], "cannot stand beside ordinals, which say it all: leave it out")
}

/** What the mocks themselves would refuse. */
const checkRest = (path: Path, fault: FaultOptions, { report }: Context): void => {
  const made = Result.try(() => MockFault.make("", fault, 0))
  if (Result.isFailure(made) && made.failure instanceof Error)
    report(path, made.failure.message.replace(/^fault\./, ""))
}

const checkOne = (path: Path, fault: FaultOptions, span: Span, context: Context): void => {
  const own = counting(context.report)
  const inner = { ...context, report: own.report }
  checkTarget(path, fault, inner)
  checkWindow(path, fault, span, inner)
  checkChoice(path, fault, inner)
  if (own.isSilent()) checkRest(path, fault, inner)
}

/** Checks the faults of a list. */
export const check = (path: Path, faults: ReadonlyArray<FaultOptions>, span: Span, context: Context): void => {
  for (const [index, fault] of faults.entries()) checkOne([...path, index], fault, span, context)
}
