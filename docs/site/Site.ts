/** The pages of the site: what the guides and READMEs link to, each at its place, in a frame with the contents beside it. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import * as path from "node:path"
import { type Language, sections, words } from "./Contents.ts"
import * as Markdown from "./Markdown.ts"

/** A file of the site. */
export interface File {
  readonly url: string
  readonly content: string | Buffer
}

/** What the search knows of a page or of a part of it. */
export interface Entry {
  readonly kind: "page" | "part" | "module"
  readonly title: string
  readonly page?: string
  readonly url: string
  readonly text: string
  readonly language?: Language
}

/** The pages, and what is wrong with them. */
export interface Site {
  readonly files: ReadonlyArray<File>
  readonly entries: ReadonlyArray<Entry>
  /** Links that lead nowhere, and guides that the contents do not have: `from: what`. */
  readonly problems: ReadonlyArray<string>
}

const suffixOf = { en: "", zh: ".zh-CN" } as const
const fileOf = (guide: string, language: Language) => `docs/guides/${guide}${suffixOf[language]}.md`
const languageOf = (file: string): Language => (file.endsWith(".zh-CN.md") ? "zh" : "en")

const isPicture = (file: string): boolean => /\.(svg|png)$/.test(file)

/** Where a file of the repository stands on the site. */
export const urlOf = (file: string): string => {
  const folder = languageOf(file) === "zh" ? "zh/" : ""
  const name = file.replace(/(\.zh-CN)?\.md$/, "")
  if (name === "README") return `${folder}index.html`
  if (name.startsWith("docs/guides/")) return `${folder}${name.slice("docs/".length)}.html`
  if (file.endsWith(".md")) return `${folder}pages/${name}.html`
  return isPicture(file) ? `files/${file}` : `source/${file}.html`
}

/** From a page to the top of the site, with a slash at its end. */
export const rootOf = (url: string): string => "../".repeat(url.split("/").length - 1) || "./"

const other = (language: Language): Language => (language === "en" ? "zh" : "en")

const sidebar = (root: string, url: string, language: Language, titles: ReadonlyMap<string, string>): string => {
  const item = (to: string, title: string) =>
    `<li><a href="${root}${to}"${to === url ? ' aria-current="page"' : ""}>${Markdown.escape(title)}</a></li>`
  const parts = sections.map(({ guides, title }) => {
    const items = guides
      .map((guide) => fileOf(guide, language))
      .map((file) => item(urlOf(file), titles.get(file) ?? ""))
    return `<h2>${title[language]}</h2><ul>${items.join("")}</ul>`
  })
  return `${parts.join("")}<h2>API</h2><ul>${item("api/index.html", words[language].api)}</ul>`
}

/** What a frame is put around. */
interface Content {
  readonly url: string
  readonly title: string
  readonly language: Language
  readonly html: string
  /** The same page in the other language, or that language's first page. */
  readonly twin: string
  readonly sidebar: string
  readonly version: string
}

const frame = ({ html, language, sidebar: contents, title, twin, url, version }: Content): string => {
  const root = rootOf(url)
  const say = words[language]
  return `<!doctype html>
<html lang="${language === "zh" ? "zh-CN" : "en"}" data-root="${root}" data-none="${say.none}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${Markdown.escape(title)} · Understudy</title>
<link rel="stylesheet" href="${root}style.css">
<script src="${root}../versions.js" defer></script>
<script src="${root}search.js" defer></script>
</head>
<body>
<a class="skip" href="#main">${say.skip}</a>
<header>
<b><a href="${root}${urlOf(language === "zh" ? "README.zh-CN.md" : "README.md")}">${say.home}</a></b>
<div class="find"><input id="search" type="search" placeholder="${say.search} (/)" aria-label="${say.search}"><ol id="results" hidden></ol></div>
<select id="versions" aria-label="${say.version}"><option>${version}</option></select>
<a href="${root}${twin}" lang="${language === "zh" ? "en" : "zh-CN"}">${say.other}</a>
</header>
<div class="page">
<nav aria-label="${say.menu}"><details open><summary>${say.menu}</summary>${contents}</details></nav>
<main id="main">
${html}
</main>
</div>
</body>
</html>
`
}

/** What is in a folder, as a page. */
const listing = (root: string, folder: string): string => {
  const names = readdirSync(path.join(root, folder)).filter(
    (name) => !/^(\.|node_modules$|target$|__pycache__$)/.test(name)
  )
  return `# ${folder}\n\n${names.map((name) => `- [${name}](${name})`).join("\n")}\n`
}

/** The name under which a folder's page is known: that of no file. */
const folderPage = "index"

const home = { en: "README.md", zh: "README.zh-CN.md" } as const

/** Reads the repository at `root`, from its READMEs and guides on to whatever they link to. */
export const make = (root: string, version: string, guides: ReadonlyArray<string>): Site => {
  const problems: Array<string> = []
  const links: Array<{ readonly from: string; readonly to: string; readonly anchor: string }> = []
  const pages = new Map<string, Markdown.Page>()
  const listed = sections.flatMap((section) => section.guides)
  for (const guide of guides) if (!listed.includes(guide)) problems.push(`docs/site/Contents.ts: has no ${guide}`)
  const queue = [...Object.values(home), ...listed.flatMap((guide) => [fileOf(guide, "en"), fileOf(guide, "zh")])]
  const known = new Set(queue)

  const link = (from: string) => (target: string) => {
    if (/^[a-z]+:/.test(target)) return target
    const [name = "", anchor = ""] = decodeURI(target).split("#")
    const named = name === "" ? from : path.posix.join(path.posix.dirname(from), name)
    if (!existsSync(path.join(root, named))) {
      problems.push(`${from}: ${target} does not exist`)
      return target
    }
    const to = statSync(path.join(root, named)).isDirectory() ? path.posix.join(named, folderPage) : named
    links.push({ from, to, anchor })
    if (!known.has(to)) {
      known.add(to)
      queue.push(to)
    }
    return `${rootOf(urlOf(from))}${urlOf(to)}${anchor === "" ? "" : `#${anchor}`}`
  }

  const others: Array<File> = []
  for (const file of queue) {
    const folder = path.posix.dirname(file)
    if (path.posix.basename(file) === folderPage) {
      pages.set(file, Markdown.read(listing(root, folder), link(file)))
      continue
    }
    const text = readFileSync(path.join(root, file))
    if (file.endsWith(".md")) pages.set(file, Markdown.read(text.toString(), link(file)))
    else others.push(isPicture(file) ? { url: urlOf(file), content: text } : source(file, text.toString(), version))
  }
  for (const { anchor, from, to } of links) {
    const there = anchor === "" || pages.get(to)?.parts.some((part) => part.anchor === anchor) === true
    if (!there) problems.push(`${from}: ${to} has no #${anchor}`)
  }

  const titles = new Map([...pages].map(([file, { parts }]) => [file, parts[0]?.title ?? file]))
  const files = [...pages].map(([file, { html }]): File => {
    const language = languageOf(file)
    const url = urlOf(file)
    const sibling = language === "zh" ? file.replace(".zh-CN", "") : file.replace(/\.md$/, ".zh-CN.md")
    const twin = urlOf(pages.has(sibling) ? sibling : home[other(language)])
    const contents = sidebar(rootOf(url), url, language, titles)
    const title = titles.get(file) ?? ""
    return { url, content: frame({ url, title, language, html, twin, sidebar: contents, version }) }
  })
  const entries = [...pages].flatMap(([file, { parts }]) =>
    parts.map((part, index): Entry => {
      const page = titles.get(file) ?? ""
      const url = index === 0 ? urlOf(file) : `${urlOf(file)}#${part.anchor}`
      const { text, title } = part
      const kind = index === 0 && file.startsWith("docs/guides/") ? "page" : "part"
      return { kind, title, page, url, text, language: languageOf(file) }
    })
  )
  return { files: [...files, ...others, llms(pages, titles)], entries, problems }
}

/** A file of the repository with numbered lines, for links to them. */
export const source = (file: string, text: string, version: string): File => {
  const url = urlOf(file)
  const lines = Markdown.highlight(text, path.extname(file).slice(1))
  const html = lines.map((line, index) => `<span id="L${index + 1}">${line}</span>`).join("\n")
  const language = "en"
  const body = `<h1>${file}</h1><pre class="source" tabindex="0"><code>${html}</code></pre>`
  return { url, content: frame({ url, title: file, language, html: body, twin: urlOf(home.zh), sidebar: "", version }) }
}

/** The pages for programs that read: a line each, in English. */
const llms = (pages: ReadonlyMap<string, Markdown.Page>, titles: ReadonlyMap<string, string>): File => {
  const about = (file: string) => pages.get(file)?.parts[0]?.text.split(/(?<=[.:]) /)[0] ?? ""
  const parts = sections.map(({ guides, title }) => {
    const lines = guides
      .map((guide) => fileOf(guide, "en"))
      .map((file) => `- [${titles.get(file)}](${urlOf(file)}): ${about(file)}`)
    return `## ${title.en}\n\n${lines.join("\n")}\n`
  })
  const api = "## API\n\n- [API reference](api/index.html): every module and export of every package\n"
  return { url: "llms.txt", content: `# Understudy\n\n> ${about(home.en)}\n\n${[...parts, api].join("\n")}` }
}
