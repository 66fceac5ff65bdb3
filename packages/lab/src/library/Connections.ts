/** What goes wrong before the vendor has seen the request. */
import { failing, lesson, minute, type Recipe, recipe, steady } from "./Recipe.ts"

/** The recipes. */
export const recipes: ReadonlyArray<Recipe> = [
  failing(
    "edge.html",
    "A proxy in front of the vendor answers with a page of its own: no JSON, no code, and nothing that a caller should see.",
    "厂商前面的代理返回了自己的错误页：不是 JSON，没有错误码，也不该让调用方看到。"
  ),
  recipe("edge.timeout", (side) => ({
    teaches: lesson(
      "The proxy in front gives up on the vendor after ten seconds (504): the wait is paid already, so go elsewhere soon.",
      "前置代理等了厂商十秒后放弃（504）：时间已经花掉了，要尽快换一家。"
    ),
    faults: [{ kind: "edge.timeout", vendor: side.vendor, delay: "10s", ...minute }]
  })),
  failing(
    "refuse",
    "Nobody listens at the vendor's address: this costs a moment, not a caller.",
    "厂商的地址上没有人监听：损失的是一瞬间，而不是一个用户请求。",
    { expect: { within: "10s" } }
  ),
  failing(
    "reset.before",
    "Connections are reset before a status line: nothing was answered, so everything may be asked again.",
    "连接在状态行之前被重置：什么都没有回答，所以都可以重新请求。",
    { expect: { within: "10s" } }
  ),
  failing(
    "close.before",
    "Connections are closed before a status line, as a server does that is being stopped: nothing was answered, so ask again.",
    "连接在状态行之前被正常关闭，就像服务端正在下线：什么都没有回答，重新请求即可。",
    { expect: { within: "10s" } }
  ),
  recipe("outage.region", (side) => ({
    teaches: lesson(
      `A region of ${side.label} goes dark: first its name does not resolve, then nobody listens, then connections break.`,
      `${side.label} 的一个地域整体失联：先是域名解析不了，再是端口拒绝连接，最后是连接被重置。`
    ),
    phases: [
      { name: "well", until: { after: "30s" } },
      { name: "no name", until: { after: "40s" }, faults: [{ kind: "dns", vendor: side.vendor }] },
      { name: "no listener", until: { after: "40s" }, faults: [{ kind: "refuse", vendor: side.vendor }] },
      { name: "resets", until: { after: "20s" }, faults: [{ kind: "reset.before", vendor: side.vendor, ratio: 0.7 }] },
      { name: "well again" }
    ],
    traffic: steady(side, { for: "5m" })
  }))
]
