/** What `understudy check` says. */
import { define } from "./define.ts"

/** Messages of `check`. */
export const check = define({
  en: {
    configOk: (source: string, providers: number, routes: number) =>
      `${source}: ok, ${providers} provider${providers === 1 ? "" : "s"}, ${routes} route${routes === 1 ? "" : "s"}`,
    checking: (keys: number) => `Checking ${keys} key${keys === 1 ? "" : "s"} …`,
    columns: ["provider", "key", "name", "result", "took", "what the vendor says"],
    ok: "ok",
    notListed: (model: string, provider: string, meant: string | undefined) =>
      `${provider} lists no model "${model}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
    smaller: (it: { model: string; holds: number; for: string; held: number }) =>
      `"${it.model}" holds ${it.holds} tokens, and "${it.for}", which it stands in for, ${it.held}: a conversation that is longer has nowhere to go. Put a model with a longer context here, or add one behind it.`,
    allOk: (keys: number) => (keys === 1 ? "The key is well." : `All ${keys} keys are well.`),
    someBad: (bad: number, keys: number) =>
      `${bad} of ${keys} key${keys === 1 ? "" : "s"} cannot be used. Replace what is wrong in the configuration or in .env, then check again.`,
    noneReachable:
      "No vendor could be reached, so nothing is known of its keys: look at the network, the proxy and `baseUrl`.",
    someUnreachable: "Where the vendor could not be reached, look at the network, the proxy and `baseUrl` first."
  },
  zh: {
    configOk: (source, providers, routes) => `${source}：正常，${providers} 个厂商，${routes} 条路由`,
    checking: (keys) => `正在检查 ${keys} 个 key ……`,
    columns: ["厂商", "key", "名称", "结果", "用时", "厂商的答复"],
    ok: "正常",
    notListed: (model, provider, meant) =>
      `${provider} 的模型列表里没有“${model}”${meant === undefined ? "" : `；是不是想写“${meant}”？`}`,
    smaller: (it) =>
      `“${it.model}”的上下文只有 ${it.holds} token，而它顶替的“${it.for}”有 ${it.held}：更长的对话就没有模型可以接了。请换成上下文更长的模型，或在它后面再加一个。`,
    allOk: (keys) => `${keys} 个 key 全部正常。`,
    someBad: (bad, keys) => `${keys} 个 key 中有 ${bad} 个不可用。请改正配置或 .env 中的 key，然后重新检查。`,
    noneReachable: "一个厂商也连不上，key 是否可用无从得知：请先看网络、代理和 `baseUrl`。",
    someUnreachable: "连不上厂商的，先看网络、代理和 `baseUrl`。"
  }
})
