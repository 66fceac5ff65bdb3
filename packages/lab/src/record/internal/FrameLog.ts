/**
 * Cuts a body that arrives in pieces into frames: an event of a stream each, however it was split or joined on the way; any
 * other body as one, with blank lines that came ahead of it on their own.
 */

import { StringDecoder } from "node:string_decoder"
import type { Clock } from "@understudy/mocks/Clock"
import type { Frame } from "@understudy/mocks/Recording"

/** A body as it arrives. */
export interface FrameLog {
  push(chunk: Uint8Array): void
  /** The frames so far. What is not whole is the last of them. */
  frames(): ReadonlyArray<Frame>
}

/** Where the parts at the beginning of a text end, which are whole. */
const events = /\r\n\r\n|\n\n|\r\r/g
const blanks = /^\s+/g

/** Begins a log; the first frame counts from now. */
export const make = (clock: Clock, isEventStream: boolean): FrameLog => {
  const decoder = new StringDecoder("utf8")
  const whole: Array<Frame> = []
  let rest = ""
  let [last, arrived] = [clock.now(), 0]
  const take = (data: string): Frame => {
    const after = Math.max(0, Math.round(arrived - last))
    last = Math.max(last, arrived)
    return { after, data }
  }
  return {
    push: (chunk) => {
      const text = decoder.write(Buffer.from(chunk))
      arrived = clock.now()
      const pattern = isEventStream ? events : rest === "" ? blanks : undefined
      rest += text
      let from = 0
      for (const { 0: end, index } of pattern === undefined ? [] : rest.matchAll(pattern)) {
        whole.push(take(rest.slice(from, index + end.length)))
        from = index + end.length
      }
      rest = rest.slice(from)
    },
    frames: () => {
      rest += decoder.end()
      if (rest !== "") whole.push(take(rest))
      rest = ""
      return whole
    }
  }
}
