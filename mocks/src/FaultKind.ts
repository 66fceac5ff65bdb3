/**
 * The catalogue of what can go wrong, and which adapter can do it.
 *
 * A kind belongs to a stage. `edge` faults happen before the vendor looks at the key; `service` faults are whole refusals
 * (the vendor's own status, headers and body) after the key was accepted; `answer` faults bend an ordinary answer and can
 * be combined. `meaning` says what it is for whoever meets it.
 *
 * **Gotchas**
 *
 * - `server`, `network` and `transport` say how true each adapter is. A `refused` kind fails when it is added, or when the
 *   adapter is attached, and the message names the adapters that can.
 *
 * **Example** (what can this adapter not do?)
 *
 * ```ts
 * Object.entries(FaultKind.catalogue).filter(([, kind]) => kind.network === "refused").map(([name]) => name)
 * ```
 */
import { type FaultKind, kinds, type Row } from "./internal/vendor/FaultTable.ts"
import type { AdapterName } from "./Journal.ts"
import type { Meaning } from "./Meaning.ts"
import { personalities, type VendorName, names as vendors } from "./VendorList.ts"

export type { Capability, FaultKind, Stage } from "./internal/vendor/FaultTable.ts"

/** What is known of a kind of fault. */
export interface Description extends Omit<Row, "own"> {
  readonly vendors: ReadonlyArray<VendorName>
}

/** Every name. */
export const names = Object.keys(kinds) as ReadonlyArray<FaultKind>

const describe = (name: FaultKind): Description => {
  const { own, ...row } = kinds[name]
  return { ...row, vendors: own ? vendors.filter((vendor) => personalities[vendor].own.includes(name)) : vendors }
}

/** Every kind by its name. */
export const catalogue = Object.fromEntries(names.map((name) => [name, describe(name)])) as Readonly<
  Record<FaultKind, Description>
>

const isKind = (name: string): name is FaultKind => Object.hasOwn(kinds, name)

/** What the parts of a journal entry's recipe mean; nothing where all went well, or nothing was asked of a model. */
export const meaningsOf = (recipe: string): ReadonlyArray<Meaning> =>
  recipe.split("+").flatMap((part) => {
    if (isKind(part)) return kinds[part].meaning
    return part.startsWith("request.") ? "caller" : []
  })

const modules: Record<AdapterName, string> = {
  server: "MockServer",
  network: "MockNetwork",
  transport: "MockTransport"
}

/** Every adapter. */
export const adapters = Object.keys(modules) as ReadonlyArray<AdapterName>

/** Says why an adapter cannot do a kind, or nothing when it can. */
export const objection = (kind: FaultKind, adapter: AdapterName): string | undefined => {
  const description = catalogue[kind]
  if (description[adapter] !== "refused") return undefined
  const able = adapters.filter((other) => description[other] !== "refused").map((other) => modules[other])
  return `${modules[adapter]} cannot do "${kind}" (${description.about}); ${able.join(" and ")} can`
}
