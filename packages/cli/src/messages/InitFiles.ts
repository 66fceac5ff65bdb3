/** Comments in the files that `understudy init` writes. */
import { define } from "./define.ts"

/** Comments of `understudy.yaml` and `.env`. */
export const initFiles = define({
  en: {
    head: (understudy: string) =>
      `Understudy. \${NAME} is read from the environment or from .env beside this file. After a change: ${understudy} check`,
    server: "0.0.0.0 listens on every network that this machine is on: then configure consumers too.",
    keys: (variable: string, console: string) =>
      `Keys: ${variable} in .env, several separated by commas. A key that fails is left out and probed until it is back.\nKeys are made at ${console}`,
    keyFailover: "Token failover, with Higress's names and defaults. Add healthCheckModel for paid one-token probes.",
    aliases: (vendor: string) =>
      `${vendor} has retired these names. They go on working here; edit or delete what they stand for.\nThe answer's \`model\` and the trail show the model that was really asked.`,
    routing: "Exact beats prefix beats regex. A target may rename the model; `fallback` is tried in order.",
    family: (prefix: string, own: ReadonlyArray<string>, others: ReadonlyArray<string>) =>
      `${prefix}…: ${own.join(", ")}${others.length === 0 ? "" : `; where that cannot answer, ${others.join(", ")}`}`,
    vectors: (prefix: string) => `${prefix}…: vectors; no other model can stand in for them`,
    consumers: "Callers must send this key: Authorization: Bearer KEY, x-api-key or api-key.",
    noConsumers: "Open: whoever reaches the port may call. To want a key, set UNDERSTUDY_CONSUMER_KEY in .env and:",
    mockKeys: (understudy: string) =>
      `Demo keys of the mock vendors: ${understudy} mock serve\nReplace them by your own and delete the _BASE_URL lines.`,
    consumerKey: "Callers of the gateway send this key."
  },
  zh: {
    head: (understudy) => `Understudy 配置。\${NAME} 取自环境变量或同目录的 .env。改完请运行：${understudy} check`,
    server: "0.0.0.0 会在本机所有网络上监听：那时请同时配置 consumers。",
    keys: (variable, console) =>
      `key：填在 .env 的 ${variable} 里，多个用逗号分隔。出错的 key 会被移出并持续探测，恢复后自动加回。\n申请 key：${console}`,
    keyFailover: "令牌降级，名称与默认值同 Higress。加上 healthCheckModel 则改用一个 token 的付费探测。",
    aliases: (vendor) =>
      `${vendor} 已停用这些名称，在这里仍可使用；它们代表什么可以修改或删除。\n响应里的 \`model\` 和调用轨迹显示真正请求的模型。`,
    routing: "精确优先于前缀，前缀优先于正则。目标可以改写模型名；`fallback` 依次尝试。",
    family: (prefix, own, others) =>
      `${prefix}……：走 ${own.join("、")}${others.length === 0 ? "" : `，不行则由 ${others.join("、")} 回答`}`,
    vectors: (prefix) => `${prefix}……：向量，别的模型无法代替`,
    consumers: "调用方须携带这个 key：Authorization: Bearer KEY、x-api-key 或 api-key。",
    noConsumers: "开放：能连到端口的都可调用。如需 key，请在 .env 里设置 UNDERSTUDY_CONSUMER_KEY 并启用：",
    mockKeys: (understudy) => `模拟厂商的演示 key：${understudy} mock serve\n换成自己的 key，并删掉 _BASE_URL 各行。`,
    consumerKey: "调用网关时携带这个 key。"
  }
})
