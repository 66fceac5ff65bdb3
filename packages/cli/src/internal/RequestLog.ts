/**
 * What is seen of a running gateway: a line per request, and one when a key or a target goes out or comes back. For a person it stays
 * silent until it is opened, so that the summary of the start comes first; for a machine it is one JSON object a line.
 */
import { type Event, Listener } from "@understudy/core/telemetry/Event"
import * as AccessLog from "@understudy/gateway/AccessLog"
import * as EventLog from "@understudy/gateway/EventLog"
import * as LineLogger from "@understudy/gateway/LineLogger"
import * as Lines from "@understudy/gateway/Lines"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type { Messages } from "../Messages.ts"
import type { Style } from "./Style.ts"
import { pad } from "./Table.ts"

/** A log, and the layer that feeds it. */
export interface RequestLog {
  readonly open: () => void
  /** Something else that a person should read; a machine has it from the loggers. */
  readonly note: (line: string) => void
  readonly layer: Layer.Layer<never>
}

/** How the log looks. */
export interface Options {
  readonly messages: Messages
  readonly style: Style
}

const clockTime = (time: number): string => new Date(time).toTimeString().slice(0, 8)

const plain = /^[\x20-\x7e]*$/

/** Without what moves a cursor, ends a line or turns a text round. */
const text = (value: unknown): string => {
  const said = value === undefined ? "" : String(value)
  return plain.test(said) ? said : said.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, "?")
}

const statusIn = (style: Style, status: number): string => {
  const paint = status >= 500 ? style.red : status >= 400 ? style.yellow : style.green
  return paint(String(status))
}

/** The line of one request. */
export const toLine = (
  style: Style,
  { fields, message }: { readonly message: string; readonly fields: Partial<AccessLog.Fields> }
): string => {
  const { error, model, ms, status, trail } = fields
  const asked = model === undefined ? message : text(model)
  const outcome = [text(trail), text(error)].filter((part) => part !== "").join("  ")
  const took = `${text(ms)} ms`.padStart(8)
  const line = `${statusIn(style, Number(status))} ${took}  ${pad(asked, 16)}`
  return outcome === "" ? line.trimEnd() : `${line}  → ${outcome}`
}

const seconds = (millis: number): number => Math.ceil(millis / 1000)

/** The line of a key's or a target's fate; undefined for what is no news. */
export const toEventLine = ({ messages, style }: Options, event: Event): string | undefined => {
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

/** A log for a machine. */
export const json: RequestLog = {
  open: () => {},
  note: () => {},
  layer: EventLog.layer.pipe(Layer.provideMerge(LineLogger.layer({ format: "json" })))
}

/** Makes a log for a person. */
export const make = Effect.fnUntraced(function* (options: Options) {
  const { messages, style } = options
  const lines = yield* Lines.make({ tellLost: (count) => style.yellow(messages.serve.linesLost(count)) })
  let isOpen = false
  const put = (time: number, line: string | undefined): void => {
    if (isOpen && line !== undefined) lines.put(`${style.dim(clockTime(time))}  ${line}`)
  }
  const logger = Logger.make<unknown, void>(({ cause, date, logLevel, message }) => {
    if (logLevel !== "Error" && logLevel !== "Fatal") return
    const said = (Array.isArray(message) ? message : [message]).map(text).join(" ")
    const failures = cause.reasons.map((reason) => (reason._tag === "Die" ? text(reason.defect) : reason._tag))
    put(date.getTime(), style.red([said, ...failures].join("  ")))
  })
  const listener: Listener = { emit: (event) => put(Date.now(), toEventLine(options, event)), wantsCalls: false }
  const log: RequestLog = {
    open: () => {
      isOpen = true
    },
    note: (line) => put(Date.now(), line),
    layer: Layer.mergeAll(
      Logger.layer([logger]),
      Layer.succeed(Listener, listener),
      Layer.succeed(AccessLog.AccessLog, (entry) => put(entry.time, toLine(style, entry)))
    )
  }
  return log
})
