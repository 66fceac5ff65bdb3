/**
 * What a person sees while an answer has not begun: who is asked, and who is asked instead when that one fails. Only on a
 * terminal.
 */
import * as Trail from "@understudy/core/failure/Trail"
import { type Event, Listener } from "@understudy/core/telemetry/Event"
import * as Layer from "effect/Layer"
import type { Messages } from "../Messages.ts"
import * as Progress from "./Progress.ts"

/** What is waited for, and what feeds it. */
export interface Waiting {
  /** A question was put. */
  readonly begin: () => void
  /** Something came, or nothing will. */
  readonly end: () => void
  /** Scheme, host and port of who was asked last. */
  readonly server: () => string | undefined
  readonly listener: Listener
  readonly layer: Layer.Layer<never>
}

/** Makes one. */
export const make = (messages: Messages, { clear, show }: Progress.Spinner = Progress.spinner()): Waiting => {
  const { asking, askingInstead } = messages.chat
  let isOpen = false
  let failed: string | undefined
  let server: string | undefined
  const emit = (event: Event): void => {
    if (event._tag === "AttemptEnded") {
      const { _tag, model, provider } = event.attempt
      if (_tag !== "Ok") failed = `${provider}/${model} ${Trail.outcomeOf(event.attempt)}`
    }
    if (event._tag !== "AttemptStarted") return
    server = event.server
    const asked = `${event.provider}/${event.model}`
    if (isOpen) show(failed === undefined ? asking(asked) : askingInstead(asked, failed))
  }
  const listener: Listener = { emit, wantsCalls: true }
  return {
    begin: () => {
      isOpen = true
      failed = undefined
      server = undefined
    },
    end: () => {
      isOpen = false
      clear()
    },
    server: () => server,
    listener,
    layer: Layer.succeed(Listener, listener)
  }
}
