/** The page that is shown, for those parts of it that say its name. */
import { createContext, use } from "react"
import { useLanguage } from "../text/Language.tsx"
import type { Page } from "./Page.ts"

/** The page that is shown; undefined where there is none at the address. */
export const Current = createContext<Page | undefined>(undefined)

/** The name of the page that is shown. */
export const usePageTitle = (): string => {
  const { language } = useLanguage()
  return use(Current)?.title[language] ?? ""
}
