/** Providers and their keys. */
import type { Page } from "../../app/Page.ts"

/** Where the providers stand. */
export const providers: Page = {
  path: "/providers",
  title: { en: "Providers & keys", zh: "供应商与 Key" },
  nav: { icon: "key", group: "steer" },
  words: "AI服务提供者 令牌 token failover 令牌降级 api key vendor",
  load: () => import("./Providers.tsx")
}
