/** What a page is to the shell: where it stands, what it is called, and how it is loaded. One folder of `pages` each. */
import type { ComponentType } from "react"
import type { IconName } from "../ui/Icon.tsx"

/** A page. */
export interface Page {
  /** Where it stands: `/routes`, or with parameters `/requests/$id`. */
  readonly path: string
  /** Its name in the navigation and in the browser's tab. */
  readonly title: { readonly en: string; readonly zh: string }
  /** Where it stands in the navigation; left out for a page that is reached from another one. */
  readonly nav?: { readonly icon: IconName; readonly group: "watch" | "steer" | "try" | "system" }
  /** Other words that it is found under by Ctrl-K: what Higress calls it, in both languages. */
  readonly words?: string
  /** The scope without which it is not shown. */
  readonly scope?: "operate" | "configure" | "admin"
  /** Loads it: it is split from the rest. */
  readonly load: () => Promise<{ readonly default: ComponentType }>
}
