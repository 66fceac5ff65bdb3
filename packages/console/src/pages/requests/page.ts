/** Every call, and one call's way. */
import type { Page } from "../../app/Page.ts"

/** The list. */
export const requests: Page = {
  path: "/requests",
  title: { en: "Requests", zh: "请求日志" },
  nav: { icon: "requests", group: "watch" },
  words: "logs calls trail live tail 日志 调用轨迹 实时滚动",
  load: () => import("./Requests.tsx")
}

/** One call. */
export const call: Page = {
  path: "/requests/$id",
  title: { en: "Call", zh: "一次调用" },
  load: () => import("./Call.tsx")
}
