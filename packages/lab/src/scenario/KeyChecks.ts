/**
 * What a schema cannot say of keys: whose they are, that their values are no secrets, and that their lives make sense.
 */
import { catalogue } from "@understudy/mocks/FaultKind"
import * as MockKey from "@understudy/mocks/Key"
import type { VendorName } from "@understudy/mocks/VendorList"
import * as Result from "effect/Result"
import { type Report, seconds, shown } from "./Issues.ts"
import type { KeyOptions } from "./Options.ts"
import type { Path } from "./ScenarioError.ts"
import * as Schedule from "./Schedule.ts"
import * as Standard from "./Standard.ts"

type Keys = Readonly<Record<string, KeyOptions>>

const invented = /^(sk-)?demo[\x21-\x7e]*$/

const checkValues = (keys: Keys, report: Report): void => {
  const owners = new Map<string, string>()
  for (const [name, key] of Object.entries(keys)) {
    const value = key.value ?? Standard.valueOf(name)
    const path = ["keys", name, "value"]
    const owner = owners.get(value)
    if (!/^(?!sk-)[\w.-]+$/.test(name)) {
      report(["keys", name], "is no name for a key: use letters, digits, dots and dashes, and never the key itself")
    }
    if (!invented.test(value)) {
      report(
        path,
        `may be a real secret, and does not belong into a scenario: use one such as ${Standard.valueOf(name)}`
      )
    }
    if (owner !== undefined) report(path, `is the value of "${owner}" too: give each key its own, or leave both out`)
    owners.set(value, name)
  }
}

const checkAccounts = (keys: Keys, report: Report): void => {
  const owners = new Map<string, VendorName>()
  for (const [name, { account = name, vendor }] of Object.entries(keys)) {
    const owner = owners.get(account) ?? vendor
    owners.set(account, owner)
    if (owner === vendor) continue
    report(["keys", name, "account"], `${shown(account)} is an account at ${owner}: an account belongs to one vendor`)
  }
}

/** Says why a vendor never answers a kind; undefined when it does. */
export const foreign = (kind: keyof typeof catalogue, vendor: VendorName): string | undefined => {
  const vendors: ReadonlyArray<VendorName> = catalogue[kind].vendors
  return vendors.includes(vendor) ? undefined : `${vendor} never answers "${kind}", only ${vendors.join(" and ")} does`
}

const checkStates = (path: Path, { changes = [], state, vendor }: KeyOptions, report: Report): void => {
  const check = (at: Path, each: KeyOptions["state"]) => {
    const kind = each === undefined ? undefined : MockKey.faultOf(each)
    const objection = kind === undefined ? undefined : foreign(kind, vendor)
    if (objection !== undefined) report([...path, ...at, "state"], objection)
  }
  check([], state)
  for (const [index, change] of changes.entries()) check(["changes", index], change.state)
}

const checkRestored = (path: Path, key: KeyOptions, report: Report): void => {
  const { restoredAfter, restoredAfterRequests, state = "valid" } = key
  if (restoredAfter !== undefined && restoredAfterRequests !== undefined) {
    report([...path, "restoredAfterRequests"], "cannot stand beside restoredAfter: leave one of them out")
  }
  const given = (["restoredAfter", "restoredAfterRequests"] as const).find((name) => key[name] !== undefined)
  if (given !== undefined && state === "valid") {
    report([...path, given], "has nothing to restore: give the key a state, or use changes")
  }
}

const checkChanges = (path: Path, key: KeyOptions, length: number, report: Report): void => {
  const { changes = [], restoredAfter, restoredAfterRequests } = key
  // After a change that waits for requests nobody knows the time.
  let moment = restoredAfterRequests === undefined ? (Schedule.millis(restoredAfter) ?? 0) : Number.NaN
  const checkMoment = (at: Path) => {
    if (moment > length)
      report([...path, ...at], `comes at ${seconds(moment)}, after the last call (${seconds(length)})`)
  }
  if (restoredAfter !== undefined) checkMoment(["restoredAfter"])
  changes.forEach(({ after, afterRequests }, index) => {
    const at: Path = ["changes", index]
    if ((after === undefined) === (afterRequests === undefined)) {
      report([...path, ...at], "needs either after or afterRequests, or it never comes")
    }
    moment += afterRequests === undefined ? (Schedule.millis(after) ?? Number.NaN) : Number.NaN
    checkMoment([...at, "after"])
  })
}

/** What the mocks themselves would refuse. */
const checkRest = (path: Path, { value: _, ...spec }: KeyOptions, report: Report): void => {
  const made = Result.try(() => MockKey.make({ id: "", mask: "" }, spec, 0))
  if (Result.isFailure(made) && made.failure instanceof Error) report(path, made.failure.message.replace(/^key\./, ""))
}

/** Checks all keys. */
export const check = (keys: Keys, length: number, report: Report): void => {
  if (Object.keys(keys).length === 0) report(["keys"], "is empty: name a key, or leave it out for the standard four")
  checkValues(keys, report)
  checkAccounts(keys, report)
  for (const [name, key] of Object.entries(keys)) {
    const path = ["keys", name]
    checkStates(path, key, report)
    checkRestored(path, key, report)
    checkChanges(path, key, length, report)
    checkRest(path, key, report)
  }
}
