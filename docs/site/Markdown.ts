/** Markdown as the site shows it: anchors as on the usual forges, coloured code, links as the caller wants them. */
import * as shiki from "@gerrit0/mini-shiki"
import MarkdownIt, { type Token } from "markdown-it"

/** A heading with the text below it, up to the next one. */
export interface Part {
  readonly level: number
  readonly title: string
  readonly anchor: string
  readonly text: string
}

/** A page that was read. */
export interface Page {
  readonly html: string
  readonly parts: ReadonlyArray<Part>
}

/** The anchor of a heading, as forges make it. */
export const toAnchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-")

const themes = { light: "github-light", dark: "github-dark" } as const
const languages = ["ts", "bash", "yaml", "json", "python", "java", "http", "javascript"] as const

await shiki.loadBuiltinWasm()
const engine = await shiki.createOnigurumaEngine()
const highlighter = await shiki.createShikiInternal({
  engine,
  themes: Object.values(themes).map((name) => shiki.bundledThemes[name]),
  langs: languages.map((name) => shiki.bundledLanguages[name])
})

/** Text as HTML. */
export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** Code in colours, one line an element of the array; of a language that is not known, as it is. */
export const highlight = (code: string, language: string): ReadonlyArray<string> => {
  if (!languages.some((name) => name === language)) return code.split("\n").map(escape)
  const lines = shiki.codeToTokensWithThemes(highlighter, code, { themes, lang: language })
  return lines.map((tokens) =>
    tokens
      .map(({ content, variants }) => {
        const { dark, light } = variants
        return `<span style="--l:${light?.color};--d:${dark?.color}">${escape(content)}</span>`
      })
      .join("")
  )
}

const markdown = new MarkdownIt({
  html: true,
  highlight: (code, language) =>
    `<pre tabindex="0"><code>${highlight(code.replace(/\n$/, ""), language).join("\n")}</code></pre>`
})

/** The plain text of what stands between two tags. */
const plain = (tokens: ReadonlyArray<Token>): string =>
  tokens
    .map(({ children, content, type }) =>
      type === "inline" ? plain(children ?? []) : /^(text|code_inline|fence|code_block)$/.test(type) ? content : ""
    )
    .join(" ")
    .replace(/\s+/g, " ")
    .trim()

/** Reads a page; `link` says where each link of it leads on the site. */
export const read = (text: string, link: (target: string) => string): Page => {
  const tokens = markdown.parse(text, {})
  const parts: Array<Part> = []
  const used = new Map<string, number>()
  const below: Array<Token> = []
  const heading = (index: number): void => {
    const token = tokens[index]
    const title = plain(tokens.slice(index + 1, index + 2)).replace(/ (?=[,.;:)])/g, "")
    const anchor = toAnchor(title)
    const times = used.get(anchor) ?? 0
    used.set(anchor, times + 1)
    const unique = times === 0 ? anchor : `${anchor}-${times}`
    token?.attrSet("id", unique)
    parts.push({ level: Number(token?.tag.slice(1)), title, anchor: unique, text: "" })
  }
  const close = (): void => {
    const last = parts.pop()
    if (last !== undefined) parts.push({ ...last, text: plain(below) })
    below.length = 0
  }
  tokens.forEach((token, index) => {
    if (token.type === "heading_open") {
      close()
      heading(index)
    } else if (tokens[index - 1]?.type !== "heading_open") below.push(token)
    for (const child of token.children ?? []) {
      const attribute = child.type === "link_open" ? "href" : "src"
      const target = child.attrGet(attribute)
      if (target !== null) child.attrSet(attribute, link(target))
    }
    // Pictures that follow the reader's colours are HTML.
    if (token.type === "html_block") {
      token.content = token.content.replace(
        /(srcset|src|href)="([^"]+)"/g,
        (_, name: string, target: string) => `${name}="${link(target)}"`
      )
    }
  })
  close()
  return { html: markdown.renderer.render(tokens, {}, {}), parts }
}
