/** The two languages: which one is shown, and how a part of the console says its texts in both. */
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react"

/** A language that the console speaks. */
export type Language = "en" | "zh"

type Text = string | ((...given: Array<never>) => string) | { readonly [name: string]: Text }

/** Texts of the same shape, with functions that take the same. */
type Same<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof T]: Same<T[Name]> }

/** Texts in both languages. */
export interface Texts<T> {
  readonly en: T
  readonly zh: T
}

/** Defines the texts of a part: the Chinese ones have to have what the English ones have. */
export const define = <const T extends { readonly [name: string]: Text }>(texts: {
  readonly en: T
  readonly zh: Same<T>
}): Texts<Same<T>> => texts as unknown as Texts<Same<T>>

const key = "understudy.language"

interface Spoken {
  readonly language: Language
  readonly setLanguage: (language: Language) => void
}

const Context = createContext<Spoken>({ language: "en", setLanguage: () => {} })

/** The document's language, as the script in its head has set it. */
const initial = (): Language => (document.documentElement.lang.startsWith("zh") ? "zh" : "en")

/** Says everything below in the chosen language. */
export const LanguageProvider = ({ children }: { readonly children: ReactNode }) => {
  const [language, choose] = useState(initial)
  const setLanguage = useCallback((next: Language) => {
    document.documentElement.lang = next === "zh" ? "zh-CN" : "en"
    localStorage.setItem(key, next)
    choose(next)
  }, [])
  return <Context value={useMemo(() => ({ language, setLanguage }), [language, setLanguage])}>{children}</Context>
}

/** The language that is shown, and how to show the other one. */
export const useLanguage = (): Spoken => use(Context)

/** The texts of a part in the language that is shown. */
export const useTexts = <T,>(texts: Texts<T>): T => texts[useLanguage().language]
