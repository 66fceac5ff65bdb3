/** The site: its pages need no server, its links lead somewhere, and its one search finds words of both languages. */
import { globSync } from "node:fs"
import * as path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import type { Language } from "./Contents.ts"
import * as Site from "./Site.ts"
import "./search.js"

declare global {
  var siteSearch: {
    readonly find: (entries: ReadonlyArray<Site.Entry>, query: string, language: Language) => ReadonlyArray<Site.Entry>
  }
}

const root = path.resolve(import.meta.dirname, "../..")
const guides = globSync("docs/guides/*.md", { cwd: root }).map((file) => path.basename(file).split(".")[0] ?? "")

let site: Site.Site
beforeAll(() => {
  site = Site.make(root, "1.2.3", [...new Set(guides), "stray"])
}, 120_000)

describe("the pages", () => {
  it("link to nothing that is missing; a guide that the contents leave out is named", () => {
    expect(site.problems).toEqual(["docs/site/Contents.ts: has no stray"])
  })

  it("refer to each other relatively, so that they open from disk and in any folder", () => {
    const there = new Set([
      "style.css",
      "search.js",
      "../versions.js",
      "api/index.html",
      ...site.files.map(({ url }) => url)
    ])
    const dead = site.files
      .filter(({ url }) => url.endsWith(".html"))
      .flatMap(({ content, url }) =>
        [...content.toString().matchAll(/<(?:a|img|link|script)\b[^>]*?\b(?:href|src)="([^"]*)"/g)]
          .map(([, target = ""]) => target)
          .filter((target) => !/^(https?:|mailto:|#)/.test(target))
          .filter((target) => !there.has(path.posix.join(path.posix.dirname(url), target.split("#")[0] ?? "")))
          .map((target) => `${url}: ${target}`)
      )
    expect(dead).toEqual([])
  })

  it("say their language, and lead to their twin", () => {
    const page = site.files.find(({ url }) => url === "zh/guides/token-failover.html")?.content.toString()
    expect(page).toContain('<html lang="zh-CN"')
    expect(page).toContain('href="../../guides/token-failover.html" lang="en"')
  })

  it("are listed for programs, with a line about each", () => {
    const list = site.files.find(({ url }) => url === "llms.txt")?.content
    expect(list).toContain("- [Token failover](guides/token-failover.html): ")
  })
})

describe("the search", () => {
  it.each<[query: string, language: Language, url: string]>([
    ["降级", "zh", "zh/guides/"],
    ["熔断", "zh", "zh/guides/"],
    ["令牌降级", "zh", "zh/guides/token-failover.html"],
    ["understudy.yaml", "en", "guides/configuration.html"],
    ["understudy.yaml", "zh", "zh/guides/configuration.html"],
    ["healthCheckInterval", "en", "guides/"],
    ["ChatModel", "en", ""],
    ["fromYaml", "en", ""]
  ])("finds %s for who reads %s", (query, language, url) => {
    const [first] = globalThis.siteSearch.find(site.entries, query, language)
    expect(first?.url).toMatch(new RegExp(`^${url}`))
    expect(`${first?.title} ${first?.page} ${first?.text}`.toLowerCase()).toContain(query.toLowerCase())
  })

  it("wants every word, and finds nothing for none", () => {
    const { find } = globalThis.siteSearch
    expect(find(site.entries, "降级 nowhere-to-be-found", "zh")).toEqual([])
    expect(find(site.entries, " ", "en")).toEqual([])
  })

  it("puts the name of a module before what only mentions it", () => {
    const named: Site.Entry = { kind: "module", title: "KeyPool", url: "api/KeyPool.html", text: "" }
    const mentions: Site.Entry = {
      kind: "part",
      title: "Keys",
      url: "keys.html",
      text: "KeyPool KeyPool",
      language: "en"
    }
    expect(globalThis.siteSearch.find([mentions, named], "keypool", "en")).toEqual([named, mentions])
  })
})
