/** Numbers, times and money in the language that is shown. What is not known is a dash. */
import { useMemo } from "react"
import { type Language, useLanguage } from "./Language.tsx"

/** What stands for nothing. */
export const dash = "–"

type Maybe = number | null | undefined

const relativeSteps = [
  { unit: "day", millis: 86_400_000 },
  { unit: "hour", millis: 3_600_000 },
  { unit: "minute", millis: 60_000 },
  { unit: "second", millis: 1_000 }
] as const

const symbols: Readonly<Record<string, string>> = { CNY: "¥", USD: "$", EUR: "€" }

const make = (language: Language) => {
  const locale = language === "zh" ? "zh-CN" : "en"
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 })
  const money = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const smallMoney = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const clock = new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false
  })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", hour12: false })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "narrow" })
  const ifKnown = (value: Maybe, show: (known: number) => string): string =>
    value === null || value === undefined || Number.isNaN(value) ? dash : show(value)
  return {
    /** 10,512 */
    number: (value: Maybe) => ifKnown(value, (known) => whole.format(known)),
    /** 42.1 */
    decimal: (value: Maybe) => ifKnown(value, (known) => fine.format(known)),
    /** 1.2M */
    compact: (value: Maybe) => ifKnown(value, (known) => short.format(known)),
    /** A share of 1: 12.3% */
    percent: (value: Maybe) =>
      ifKnown(value, (known) => {
        const hundred = known * 100
        // Nearly all is not all: what is missing is what one looks for.
        if (hundred > 99 && hundred < 100) return `${Math.min(99.99, Math.floor(hundred * 100) / 100)}%`
        return `${fine.format(hundred)}%`
      }),
    /** Milliseconds: 82 ms, 2.1 s, 3 min */
    duration: (value: Maybe) =>
      ifKnown(value, (known) => {
        if (known < 1) return `${fine.format(known)} ms`
        if (known < 1_000) return `${whole.format(known)} ms`
        if (known < 100_000) return `${fine.format(known / 1_000)} s`
        return known < 7_200_000 ? `${whole.format(known / 60_000)} min` : `${fine.format(known / 3_600_000)} h`
      }),
    /** Money: ¥18.20, and ¥0.0011 where it is less than a cent */
    money: (value: Maybe, currency: string | null | undefined) =>
      ifKnown(value, (known) => {
        const amount = known !== 0 && Math.abs(known) < 0.01 ? smallMoney.format(known) : money.format(known)
        return `${symbols[currency ?? ""] ?? `${currency ?? ""} `}${amount}`
      }),
    /** A time of day: 10:02:11 */
    clock: (value: Maybe) => ifKnown(value, (known) => clock.format(known)),
    /** Date and time in full. */
    exact: (value: Maybe) => ifKnown(value, (known) => exact.format(known)),
    /** 14m ago, in 41s */
    relative: (value: Maybe, now: number) =>
      ifKnown(value, (known) => {
        const distance = known - now
        const step = relativeSteps.find(({ millis }) => Math.abs(distance) >= millis)
        if (step === undefined) return relative.format(0, "second")
        // Between a figure and a Chinese character there is a space.
        return relative.format(Math.trunc(distance / step.millis), step.unit).replace(/(\d)(?=\p{Script=Han})/gu, "$1 ")
      })
  }
}

/** How values are shown. */
export type Format = ReturnType<typeof make>

/** How values are shown in the language that is shown. */
export const useFormat = (): Format => {
  const { language } = useLanguage()
  return useMemo(() => make(language), [language])
}
