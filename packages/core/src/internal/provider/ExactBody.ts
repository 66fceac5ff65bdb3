/**
 * The text of a request's body. A caller's own text goes out as it came where nothing has to change; where something has, its
 * numbers stay as they were written: seeds, ids and bounds of schemas are often larger than a JavaScript number.
 */
import type { ModelRequest } from "../../wire/ChatCompletion.ts"
import * as ExactJson from "../wire/ExactJson.ts"

/** A caller's request, and its text where that is at hand. */
export interface Body<R extends ModelRequest> {
  readonly request: R
  /** The request as the caller sent it: forwarded as it is when nothing has to change. */
  readonly text?: string | undefined
}

/** Requests read exactly: a call reads its text once, however many targets it is sent to. */
const read = new WeakMap<ModelRequest, ModelRequest>()

/** The request to be written out: with raw numbers where JavaScript's would change them, else the same. */
export const exactly = <R extends ModelRequest>({ request, text }: Body<R>): R => {
  if (text === undefined) return request
  let exact = read.get(request)
  if (exact === undefined) {
    exact = ExactJson.isLossy(text) ? ((ExactJson.parse(text) as R | undefined) ?? request) : request
    read.set(request, exact)
  }
  return exact as R
}

/** The text of a request after `change`, which gives the same request back where it has nothing to do. */
export const toText = <R extends ModelRequest>(body: Body<R>, changed: R, change: (request: R) => R): string => {
  if (changed === body.request && body.text !== undefined) return body.text
  const exact = exactly(body)
  return ExactJson.stringify(exact === body.request ? changed : change(exact))
}
