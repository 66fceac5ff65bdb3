/**
 * A response as it was once seen on the wire, to be played again: its frames, the waits between them and how it ended.
 *
 * A valid request of the same vendor, model and streaming gets the recording instead of an answer that the mock makes up.
 * Several that fit are played in turn, then again from the first. What goes wrong before an answer still does, and faults
 * that bend answers bend recordings too. A model that a recording names exists, whatever the vendor's catalogue says.
 *
 * **Gotchas**
 *
 * - A frame should hold whole events: one whose delta is not empty counts as a content chunk, and cuts fall between events.
 * - Lengths and encodings among the headers are left out, since bodies are sent anew in chunks.
 *
 * **Example** (an answer of two words)
 *
 * ```ts
 * vendors.addRecording({
 *   vendor: "qwen", model: "qwen-plus", stream: true, status: 200,
 *   headers: [["content-type", "text/event-stream;charset=utf-8"]],
 *   frames: [{ after: 300, data: 'data: {"choices":[{"delta":{"content":"Good day"}}]}\n\n' }, { after: 40, data: "data: [DONE]\n\n" }],
 *   end: "complete"
 * })
 * ```
 */
import * as Check from "./internal/plan/Check.ts"
import type { EndingKind } from "./Plan.ts"
import { names, type VendorName } from "./VendorList.ts"

/** Bytes that came together. */
export interface Frame {
  /** Milliseconds since the frame before; of the first, since the headers. */
  readonly after: number
  readonly data: string
}

/** A response as it was seen, and which requests it is for. */
export interface Recording {
  readonly vendor: VendorName
  readonly model: string
  readonly stream: boolean
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly frames: ReadonlyArray<Frame>
  readonly end: EndingKind
}

const ends: ReadonlyArray<EndingKind> = ["complete", "cut", "reset", "half-close", "stall"]
const fields = ["vendor", "model", "stream", "status", "headers", "frames", "end"]

const list = (field: string, value: unknown, of: string): ReadonlyArray<unknown> => {
  if (Array.isArray(value)) return value
  throw new Check.BadInput(field, `a list of ${of}`, value)
}

const checkHeader = (field: string, header: unknown): void => {
  const fits = Array.isArray(header) && header.length === 2 && header.every((part) => typeof part === "string")
  if (!fits) throw new Check.BadInput(field, "[name, value]", header)
}

const checkFrame = (field: string, input: unknown): void => {
  const { after, data } = Check.object(field, input, ["after", "data"])
  if (!(typeof after === "number" && Number.isFinite(after) && after >= 0))
    throw new Check.BadInput(`${field}.after`, "milliseconds >= 0", after)
  Check.text(`${field}.data`, data)
}

/** Accepts a recording or says what is wrong with it. */
export const make = (input: unknown): Recording => {
  const given = Check.object("recording", input, fields)
  Check.oneOf("recording.vendor", given["vendor"], names)
  Check.text("recording.model", given["model"])
  if (typeof given["stream"] !== "boolean")
    throw new Check.BadInput("recording.stream", "true or false", given["stream"])
  Check.integer("recording.status", given["status"], 200)
  const headers = list("recording.headers", given["headers"], "[name, value]")
  for (const [index, header] of headers.entries()) checkHeader(`recording.headers[${index}]`, header)
  const frames = list("recording.frames", given["frames"], "{ after, data }")
  for (const [index, frame] of frames.entries()) checkFrame(`recording.frames[${index}]`, frame)
  Check.oneOf("recording.end", given["end"], ends)
  return given as unknown as Recording
}
