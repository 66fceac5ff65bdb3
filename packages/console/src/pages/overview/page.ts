/** The first page: how it goes, at a glance. */
import type { Page } from "../../app/Page.ts"

/** Where the overview stands. */
export const overview: Page = {
  path: "/",
  title: { en: "Overview", zh: "总览" },
  nav: { icon: "overview", group: "watch" },
  words: "dashboard home 首页 监控 AI dashboard",
  load: () => import("./Overview.tsx")
}
