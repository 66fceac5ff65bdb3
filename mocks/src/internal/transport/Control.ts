/**
 * The control endpoints, `/_mock/...`: the vendors' own methods for people and tests in other languages.
 *
 * Pure: method, path, query and body in; status and JSON out. Bad input is a 400 that names the field, what is allowed and
 * the value.
 */
import type { FaultSpec } from "../../Fault.ts"
import type { End, Query } from "../../Journal.ts"
import * as Key from "../../Key.ts"
import type { VendorName } from "../../VendorList.ts"
import type { Vendors } from "../../Vendors.ts"
import * as Check from "../plan/Check.ts"

/** A request to a control endpoint. `path` is what follows `/_mock`. */
export interface ControlRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

/** Its answer, to be sent as JSON. */
export interface ControlReply {
  readonly status: number
  readonly body: unknown
  /** The media type of a body that is a text to be sent as it is. */
  readonly type?: string
}

/** Further endpoints. */
export interface Extension {
  /** Is asked first; nothing leaves the request to the vendors. */
  readonly control?: (request: ControlRequest) => ControlReply | undefined
  /** What `control` answers, for the list in the 404: `GET /state`. */
  readonly endpoints?: ReadonlyArray<string>
}

type Action = (vendors: Vendors, request: ControlRequest) => ControlReply

const ok = (body: unknown, status = 200): ControlReply => ({ status, body })

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    throw new Check.BadInput("the body", "JSON", body)
  }
}

const listOf = (body: string): ReadonlyArray<unknown> => {
  const value = parse(body)
  return Array.isArray(value) ? value : [value]
}

const setKeys = (vendors: Vendors, body: string): ControlReply => {
  const given = listOf(body).map((item) => {
    const { key, ...spec } = Check.object("key", item, ["key", ...Key.fields])
    return { key: Check.key("key.key", key), spec: spec as unknown as Key.KeySpec }
  })
  for (const { key, spec } of given) vendors.setKey(key, spec)
  return ok({ keys: vendors.keys() })
}

const addFaults = (vendors: Vendors, body: string): ControlReply => {
  const added = listOf(body).map((item) => vendors.addFault(item as FaultSpec).id)
  return ok({ ids: added, faults: vendors.faults() }, 201)
}

const journalQuery = (query: URLSearchParams): Query => {
  const names = ["vendor", "key", "model", "account", "recipe", "end", "call"]
  return Check.object("the query", Object.fromEntries(query), names) as {
    vendor?: VendorName
    key?: string
    end?: End
  }
}

const removeOne = (
  query: URLSearchParams,
  name: string,
  remove: (value: string) => boolean,
  clear: () => void
): ControlReply => {
  const value = query.get(name)
  if (value === null) clear()
  else if (!remove(value)) return { status: 404, body: { error: `no such ${name}` } }
  return ok({ removed: true })
}

const clockView = (vendors: Vendors): ControlReply => {
  const { callers, now: read } = vendors.clock
  const now = read()
  const pace = callers === undefined ? {} : { speed: callers.speed, jumped: callers.jumped() }
  return ok({ now, iso: new Date(now).toISOString(), ...pace })
}

const actions: Record<string, Action> = {
  "GET /keys": (vendors) => ok({ keys: vendors.keys() }),
  "POST /keys": (vendors, { body }) => setKeys(vendors, body),
  "PUT /keys": (vendors, { body }) => {
    vendors.clearKeys()
    return setKeys(vendors, body)
  },
  "DELETE /keys": (vendors, { query }) => removeOne(query, "key", vendors.removeKey, vendors.clearKeys),
  "GET /faults": (vendors) => ok({ faults: vendors.faults() }),
  "POST /faults": (vendors, { body }) => addFaults(vendors, body),
  "PUT /faults": (vendors, { body }) => {
    vendors.clearFaults()
    return addFaults(vendors, body)
  },
  "DELETE /faults": (vendors, { query }) => removeOne(query, "id", vendors.removeFault, vendors.clearFaults),
  "GET /journal": (vendors, { query }) =>
    ok({ total: vendors.journal.total, entries: vendors.journal.of(journalQuery(query)) }),
  "DELETE /journal": (vendors) => {
    vendors.journal.clear()
    return ok({ removed: true })
  },
  "GET /clock": clockView,
  "POST /clock": (vendors, { body }) => {
    const { advance } = Check.object("clock", parse(body), ["advance"])
    vendors.clock.advance(Check.duration("clock.advance", advance))
    return clockView(vendors)
  },
  "POST /reset": (vendors) => {
    vendors.reset()
    return ok({ reset: true })
  }
}

const unknown = ({ method, path }: ControlRequest, added: ReadonlyArray<string>): ControlReply => {
  const names = [...Object.keys(actions), ...added].map((name) => name.replace(" ", " /_mock"))
  return { status: 404, body: { error: `no ${method} /_mock${path}; there is ${names.join(", ")}` } }
}

/** Answers a control request: the extension first, then the vendors. */
export const answer = (vendors: Vendors, request: ControlRequest, extension: Extension = {}): ControlReply => {
  try {
    const reply = extension.control?.(request)
    if (reply !== undefined) return reply
    const action = actions[`${request.method} ${request.path}`]
    return action === undefined ? unknown(request, extension.endpoints ?? []) : action(vendors, request)
  } catch (error) {
    if (error instanceof Check.BadInput) return { status: 400, body: { error: error.message, field: error.field } }
    throw error
  }
}
