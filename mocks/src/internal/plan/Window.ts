/**
 * When a fault is on: from its beginning to its end, and in between all the time or in flaps.
 */
import * as Check from "./Check.ts"

/** On for the first `on` of every `every`, counted from the beginning. */
export interface Flap {
  readonly every: Check.Duration
  readonly on: Check.Duration
}

/** The fields that say when. */
export interface Schedule {
  /** Begins then: a moment, or a duration from now. */
  readonly from?: Check.Duration | Date
  /** Ends then: a moment, or a duration from now. */
  readonly until?: Check.Duration | Date
  /** Lasts so long from its beginning. */
  readonly for?: Check.Duration
  /** Comes and goes between its beginning and its end. */
  readonly flap?: Flap
}

/** A schedule in milliseconds. A fault that does not flap has one flap that never ends. */
export interface Window {
  readonly begins: number
  readonly ends: number
  readonly every: number
  readonly on: number
}

/** The names of the fields. */
export const fields = ["from", "until", "for", "flap"]

const forever = Number.POSITIVE_INFINITY

/** Always on. */
export const always: Window = { begins: 0, ends: forever, every: forever, on: forever }

const isMoment = (value: unknown): boolean =>
  value instanceof Date ||
  (typeof value === "number" ? value > 1e11 : typeof value === "string" && /^\d{4}-/.test(value))

const toMoment = (field: string, value: unknown, now: number): number =>
  isMoment(value) ? Check.moment(field, value) : now + Check.duration(field, value)

const toFlap = (field: string, input: unknown): { readonly every: number; readonly on: number } => {
  const flap = Check.object(field, input, ["every", "on"])
  const [every, on] = [Check.duration(`${field}.every`, flap["every"]), Check.duration(`${field}.on`, flap["on"])]
  if (on > 0 && on < every) return { every, on }
  throw new Check.BadInput(`${field}.on`, "a duration greater than 0 and shorter than every", flap["on"])
}

/** Accepts a schedule or says what is wrong with it. */
export const make = (field: string, spec: Record<string, unknown>, now: number): Window => {
  const moment = (name: string) => Check.optional(spec[name], (value) => toMoment(`${field}.${name}`, value, now))
  const begins = moment("from") ?? now
  const lasts = Check.optional(spec["for"], (value) => Check.duration(`${field}.for`, value)) ?? forever
  const flap = Check.optional(spec["flap"], (value) => toFlap(`${field}.flap`, value))
  return { begins, ends: moment("until") ?? begins + lasts, ...(flap ?? { every: forever, on: forever }) }
}

/** When it last came or went. */
export const since = (window: Window, now: number): number => {
  const { begins, ends, every, on } = window
  if (now >= ends) return ends
  const flap = now - ((now - begins) % every)
  return isOn(window, now) ? flap : flap + on
}

/** When it comes or goes next; infinite when it never does again. */
export const next = ({ begins, ends, every, on }: Window, now: number): number => {
  if (now < begins) return begins
  if (now >= ends) return forever
  const into = (now - begins) % every
  return Math.min(ends, now - into + (into < on ? on : every))
}

/** Whether it is on at this moment. */
export const isOn = ({ begins, ends, every, on }: Window, now: number): boolean =>
  now >= begins && now < ends && (now - begins) % every < on
