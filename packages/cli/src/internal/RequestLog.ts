/**
 * What a person sees of a running gateway: a line per request, and one when a key or a target goes out or comes back. It stays silent
 * until it is opened, so that the summary of the start comes first.
 */
import { type Event, Listener } from "@understudy/core/telemetry/Event"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import type { Messages } from "../Messages.ts"
import type { Style } from "./Style.ts"
import { pad } from "./Table.ts"

/** A log, and the layer that feeds it. */
export interface RequestLog {
  readonly open: () => void
  readonly layer: Layer.Layer<never>
}

/** How the log looks and where it goes. */
export interface Options {
  readonly messages: Messages
  readonly style: Style
  readonly quiet: boolean
  readonly write: (line: string) => void
}

const clockTime = (date: Date): string => date.toTimeString().slice(0, 8)

const text = (value: unknown): string => (value === undefined ? "" : String(value).replace(/\p{Cc}/gu, "?"))

const statusIn = (style: Style, status: number): string => {
  const paint = status >= 500 ? style.red : status >= 400 ? style.yellow : style.green
  return paint(String(status))
}

/** The line of one request, from the fields that the gateway logs. */
export const toLine = (style: Style, endpoint: string, fields: Readonly<Record<string, unknown>>): string => {
  const asked = fields["model"] === undefined ? endpoint : text(fields["model"])
  const outcome = [text(fields["trail"]), text(fields["error"])].filter((part) => part !== "").join("  ")
  const took = `${text(fields["ms"])} ms`.padStart(8)
  const line = `${statusIn(style, Number(fields["status"]))} ${took}  ${pad(asked, 16)}`
  return outcome === "" ? line.trimEnd() : `${line}  → ${outcome}`
}

const seconds = (millis: number): number => Math.ceil(millis / 1000)

/** The line of a key's or a target's fate; undefined for what is no news. */
export const toEventLine = (
  { messages, style }: Pick<Options, "messages" | "style">,
  event: Event
): string | undefined => {
  const { serve } = messages
  switch (event._tag) {
    case "KeyRemoved": {
      const { key, nextProbeIn, provider, reason } = event
      return style.yellow(serve.keyRemoved(`${provider}#${key}`, reason, seconds(nextProbeIn)))
    }
    case "KeyCooling":
      return style.yellow(serve.keyCooling(`${event.provider}#${event.key}`, event.model, seconds(event.millis)))
    case "KeyRestored":
      return style.green(serve.keyRestored(`${event.provider}#${event.key}`))
    case "CircuitChanged": {
      const target = `${event.provider}/${event.model}`
      if (event.to === "Open") return style.yellow(serve.circuitOpen(target, seconds(event.openFor ?? 0)))
      return event.to === "Closed" ? style.green(serve.circuitClosed(target)) : undefined
    }
    default:
      return undefined
  }
}

/** Makes a log. */
export const make = (options: Options): RequestLog => {
  const { quiet, style, write } = options
  let isOpen = false
  const put = (date: Date, line: string | undefined): void => {
    if (isOpen && line !== undefined) write(`${style.dim(clockTime(date))}  ${line}\n`)
  }
  const logger = Logger.make<unknown, void>(({ cause, date, fiber, logLevel, message }) => {
    const fields = fiber.getRef(References.CurrentLogAnnotations)
    const said = (Array.isArray(message) ? message : [message]).map(text).join(" ")
    if (fields["status"] !== undefined) {
      if (!quiet) put(date, toLine(style, said, fields))
    } else if (logLevel === "Error" || logLevel === "Fatal") {
      const failures = cause.reasons.map((reason) => (reason._tag === "Die" ? text(reason.defect) : reason._tag))
      put(date, style.red([said, ...failures].join("  ")))
    }
  })
  const listener: Listener = { emit: (event) => put(new Date(), toEventLine(options, event)), wantsCalls: false }
  return {
    open: () => {
      isOpen = true
    },
    layer: Layer.mergeAll(Logger.layer([logger]), Layer.succeed(Listener, listener))
  }
}
