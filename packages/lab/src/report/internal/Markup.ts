/** HTML in which everything is escaped but what was written as HTML here. */
import type { Sentence } from "../../scenario/Sentence.ts"
import * as Text from "../Text.ts"

/** A piece of HTML. */
export interface Markup {
  readonly html: string
}

type Part = string | number | Markup | ReadonlyArray<Markup>

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

// Directions are turned by bidirectional marks, so that a name could look like another.
const unwritable = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

const escape = (text: string): string =>
  text.replace(unwritable, "\ufffd").replace(/[&<>"']/g, (character) => entities[character] ?? character)

const toHtml = (part: Part): string => {
  if (typeof part === "number") return String(part)
  if (typeof part === "string") return escape(part)
  return "html" in part ? part.html : part.map(({ html }) => html).join("")
}

/** A template whose values are escaped, unless they are markup. */
export const html = (strings: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Markup => ({
  html: strings.reduce((all, string, index) => all + toHtml(parts[index - 1] ?? "") + string)
})

/** What this package wrote itself, as it is. */
export const raw = (text: string): Markup => ({ html: text })

/** Nothing. */
export const none: Markup = { html: "" }

/** A text in both languages, of which the page shows one. */
export const sentence = ({ en, zh }: Sentence): Markup =>
  en === zh ? html`${en}` : html`<span lang="en">${en}</span><span lang="zh">${zh}</span>`

/** Both languages of something. */
export const both = (read: (text: Text.Text) => string): Sentence => ({
  en: read(Text.of("en")),
  zh: read(Text.of("zh"))
})

/** Words of reports in both languages. */
export const words = (read: (text: Text.Text) => string): Markup => sentence(both(read))

/** The same within SVG, where a span would end the picture. */
export const drawnWords = (read: (text: Text.Text) => string): Markup => {
  const { en, zh } = both(read)
  return html`<tspan lang="en">${en}</tspan><tspan lang="zh">${zh}</tspan>`
}
