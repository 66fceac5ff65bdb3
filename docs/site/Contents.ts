/** The guides in the order of the sidebar: a section's words, and its pages by the names of their files in `docs/guides`. */

/** The languages of the site. */
export type Language = "en" | "zh"

/** A part of the sidebar. */
export interface Section {
  readonly title: Readonly<Record<Language, string>>
  /** File names without their endings; each has a twin in Chinese. */
  readonly guides: ReadonlyArray<string>
}

/** Every section. A guide that is missing here fails the build. */
export const sections: ReadonlyArray<Section> = [
  { title: { en: "Start", zh: "入门" }, guides: ["configuration"] },
  {
    title: { en: "Failover", zh: "降级" },
    guides: ["failover-in-pictures", "model-fallback", "token-failover", "failover-semantics"]
  },
  { title: { en: "In code", zh: "在代码里" }, guides: ["sdk"] },
  { title: { en: "As a gateway", zh: "作为网关" }, guides: ["operations", "observability"] },
  { title: { en: "Prove it in CI", zh: "在 CI 中验证" }, guides: ["degradation-lab"] },
  { title: { en: "Coming from", zh: "从别处迁移" }, guides: ["spring-ai-users"] }
]

/** The words around the pages. */
export const words: Readonly<
  Record<Language, Readonly<Record<"search" | "other" | "api" | "home" | "menu" | "none" | "version" | "skip", string>>>
> = {
  en: {
    search: "Search",
    other: "中文",
    api: "API reference",
    home: "Understudy",
    menu: "Contents",
    none: "Nothing found.",
    version: "Version",
    skip: "To the text"
  },
  zh: {
    search: "搜索",
    other: "English",
    api: "API 参考",
    home: "Understudy",
    menu: "目录",
    none: "没有找到。",
    version: "版本",
    skip: "跳到正文"
  }
}
