/** What the guide says of every setting in Chinese, by the setting's path; where English says what holds without it, so does this. */
import { types } from "@understudy/core/provider/Vendors"
import type { Language, Text } from "./Tables.ts"

const vendors = "由厂商定"
const byTable = "按决策表"
const oneOf = "无；三者须写且只写一个"

/** A text, or a text and what holds where the setting is left out. */
export const texts: Readonly<Record<string, string | readonly [meaning: string, leftOut: string]>> = {
  version: "配置格式的版本：`1`",
  server: "网关的 HTTP 一侧",
  "server.host": "网关监听的地址；`0.0.0.0` 表示本机所在的所有网络",
  "server.port": "端口；`0` 表示任选空闲端口",
  "server.maxBody": "请求体的上限：字节数，或 `20MB`（百万字节）、`20MiB` 这样的大小；最大 `512MB`",
  "server.log": "请求日志的写法：`text` 每个请求一行文字，`json` 每个请求一行 JSON，`off` 不记录。网关启动时读取",
  "server.heartbeat":
    "调用方等流的首个内容等多久之后，网关先发一行注释 `: keep-alive`，之后每隔这么久再发一次，免得限制首字节时间的负载均衡中途断开；`0s` 表示不发。注释一旦发出，状态码就是 200，响应头里没有由谁回答，失败以事件告知",
  "server.cors":
    "哪些网页可以调用网关并读取回答，写网页的源（origin），如 `https://app.example.com`；`*` 代表任意字符（`http://localhost:*`）",
  "server.hosts": "开放的网关还认哪些主机名，如代理后面的 `ai.example.com`；`*` 代表任意字符",
  "server.replicas": [
    "同一份配置的几个网关经由什么共享 key 与熔断的状态；需要安装 `@understudy/redis`。网关启动时读取",
    "无"
  ],
  "server.replicas.url": "Redis（6.2 及以上）或 Valkey 的地址：`redis://:PASSWORD@HOST:PORT`，走 TLS 则写 `rediss://…`",
  "server.replicas.prefix": "在该服务器上所用名字的开头；另一份配置的网关请另取一个",
  "server.trustedProxies":
    "网关前面的代理的地址或网段（`10.0.0.0/8`）；来自它们的请求以 `X-Forwarded-For` 里的地址为准",
  "server.admin": ["`understudy serve` 的管理端：管理 API 及其文档、指标。写 `{}` 即按默认值开启", "无"],
  "server.admin.host": "管理端监听的地址",
  "server.admin.port": "管理端的端口；`0` 表示任选空闲端口",
  "server.admin.data": "存放账号、会话、令牌、审计日志和配置历史版本的文件夹，相对于配置文件所在的文件夹",
  providers: "按名字列出各个 provider：每个是某家厂商的一个或几个账户，路由用名字引用它",
  "providers.*.type": `API 属于哪家：${types.map((type) => `\`${type}\``).join("、")}`,
  "providers.*.baseUrl": [
    "主机、`主机/v1`，或完整的 `…/chat/completions`；不写协议时用 `https://`，本机、内网地址和不带点的主机名用 `http://`；带有查询参数（`?api-version=2024-06-01`）时，每个请求都会带上",
    "厂商的公网地址；`openai-compatible` 必填"
  ],
  "providers.*.proxy": [
    "经哪个代理访问，如 `http://127.0.0.1:3128`（支持 `http`、`https`、`socks5`，需要时写上 `用户名:密码@`）；`none` 表示不走代理",
    "环境变量 `HTTPS_PROXY`、`HTTP_PROXY` 或 `ALL_PROXY`，除非 `NO_PROXY` 里有这个主机；本机地址也不例外，用 `127.0.0.1` 上的模拟厂商时请设 `NO_PROXY=127.0.0.1` 或 `proxy: none`"
  ],
  "providers.*.pool": ["到它的连接。每条连接一次只发一个请求（不用 pipelining）", "见下"],
  "providers.*.pool.connections": [
    "最多多少条连接，也就是最多同时进行多少个请求；超出的请求排队等连接，排队期间不计时限",
    "不限"
  ],
  "providers.*.pool.keepAlive": "没人用的连接保留多久，厂商另有规定的除外；`0s` 表示每个请求新开一条",
  "providers.*.ca": ["除系统证书外还信任的证书：PEM 文件（相对于配置所在目录），或直接写 PEM 内容", "none"],
  "providers.*.keys": ["API key 列表，每个写成一段文字或一个对象", "无，只有 `openai-compatible` 可以没有"],
  "providers.*.keys[].value": "key 本身；用逗号隔开就是多个 key",
  "providers.*.keys[].name": ["`check` 和 `explain` 显示的名字", "它的编号"],
  "providers.*.keys[].account": ["同一 account 的 key 共享限额和余额", "各算一个账户"],
  "providers.*.keys[].weight": "`selection: weighted` 时的抽取比重",
  "providers.*.selection":
    "怎样抽 key：`random` 随机；`weighted` 按 key 的 `weight`；`affinity` 让同一消费者或会话一直用同一个可用的 key，利于厂商的 prompt 缓存",
  "providers.*.keyFailover": "key 何时移出，怎样加回",
  "providers.*.keyFailover.failureThreshold": "连续失败多少次移出 key",
  "providers.*.keyFailover.successThreshold": "连续探测成功多少次加回",
  "providers.*.keyFailover.healthCheckInterval": "第一次探测前的等待；每失败一次加倍，最长 `10m`",
  "providers.*.keyFailover.healthCheckTimeout": "一次探测的时限",
  "providers.*.keyFailover.healthCheckModel": [
    "用这个模型的一个 token 来探测，要花钱",
    "用免费的请求：查模型列表，能查余额的厂商查余额"
  ],
  "providers.*.keyFailover.whenExhausted": "所有 key 都不可用时：`fallback`、`wait` 或 `fail`",
  "providers.*.deadlines": "一次尝试的时限",
  "providers.*.deadlines.connect": "从尝试开始，到连接建立",
  "providers.*.deadlines.firstContent": [
    "流式：从尝试开始，到第一段内容；响应头、注释、空行、空的 delta 都不算",
    "还有别的目标时 `10s`，否则为 `total`"
  ],
  "providers.*.deadlines.idle": "流式：从一段内容到下一段内容",
  "providers.*.deadlines.answer": ["JSON 回答：从尝试开始，到回答完整", "还有别的目标时 `2m`，否则为 `total`"],
  "providers.*.circuit": "一个目标（厂商加模型）反复出错时，怎样暂停使用它",
  "providers.*.circuit.consecutiveFailures": "连续出错多少次打开熔断",
  "providers.*.circuit.failureRate": "出错比例达到多少打开熔断，0 到 1",
  "providers.*.circuit.minimumCalls": "窗口里至少有多少次调用，比例才算数",
  "providers.*.circuit.window": "窗口长度",
  "providers.*.circuit.openDuration": "打开多久；试探失败且让调用方白等 1 秒以上时加倍",
  "providers.*.circuit.openCap": "最长打开多久，不论 `Retry-After` 写多少",
  "providers.*.circuit.slowStart": "闭合之后，用多长时间把流量逐渐加满",
  "providers.*.aliases": "代表其他模型的名字：写一个模型名，或写 `model` 和 `extraBody`（加进请求体的字段）",
  "providers.*.aliases.*.model": "要请求的模型",
  "providers.*.aliases.*.extraBody": ["加进请求体的字段", "none"],
  "providers.*.prefill": [
    "能否请它接着一段文字往下写（见 `afterCommit`）？`true` 表示某个 `openai-compatible` 服务可以，`false` 表示不让厂商这样做",
    "能这样做的厂商为 `true`"
  ],
  "providers.*.structuredOutput": [
    "`response_format` 最多支持到哪一级：`json_schema`、`json_object` 或 `none`。不支持 schema 的服务，会收到写在系统消息里的说明；调用轨迹中记为 `native` 或 `instructed`",
    "按厂商对这个模型的已知支持；`openai-compatible` 为 `json_schema`"
  ],
  "providers.*.contextLengths": "各模型上下文能容纳的 token 数，按这家的模型名写：用于自己的服务，或官方数值有变时",
  "providers.*.thinkTags":
    "它的模型是否把思考写在正文开头的 `<think>` 和 `</think>` 之间？`true` 表示把这一段改放进 `reasoning_content`，流式也一样；`opened` 用于对话模板已经写好开头标签的模型，即正文一开始就是思考",
  routes: "哪些请求由谁回答",
  "routes[].name": "出现在响应头、日志和错误里",
  "routes[].match": "接哪些请求：`model`，还可加 `headers` 和 `consumers`",
  "routes[].match.model": "请求的模型。分不出先后时，按文件里的顺序",
  "routes[].match.model.exact": ["完整的模型名；优先于 `prefix` 和 `regex`", oneOf],
  "routes[].match.model.prefix": ["模型名的开头，长的优先于短的；空的匹配所有模型", oneOf],
  "routes[].match.model.regex": ["匹配模型名的正则表达式", oneOf],
  "routes[].match.headers": "请求须带的请求头：名字不分大小写，值要完全相同",
  "routes[].match.consumers": "消费者的名字；不写就是全部",
  "routes[].targets": "由谁回答。多个目标按 `weight` 分流量；都试过才轮到 fallback",
  "routes[].targets[].provider": "provider 的名字",
  "routes[].targets[].model": ["向它要的模型", "请求时的名字"],
  "routes[].targets[].weight": "在 `targets` 中的流量比重",
  "routes[].fallback": "后备，按顺序",
  "routes[].deadlines": "整个调用的时限",
  "routes[].deadlines.total": "从调用开始，到调用结束，含等待和全部尝试",
  "routes[].waitUpTo": "厂商给出的等待时间（`Retry-After`、限额重置时间）不超过它就等；更长就换下一个目标",
  "routes[].waitAlone": "没有别的目标可换时，最多等限流结束多久；更久就立即失败，返回 429 和 `Retry-After`",
  "routes[].afterCommit": "流在出内容之后断开：`error` 以错误事件结束并切断连接，`continue` 让另一个目标接着写",
  "routes[].delivery": "`streamed`；或 `buffered`：流完整了才发出，在那之前都可以降级",
  "routes[].upstream":
    "`asked`：调用方怎样问，就怎样问厂商。`streamed`：调用方要 JSON 时也向厂商要流，再合成，这样 `firstContent` 和 `idle` 也能管住它",
  "routes[].balance": "多个 `targets` 先问谁：`weighted`；或 `latency`：按权重抽出两个，先问出首段内容更快的那个",
  "routes[].embeddings":
    "谁可以回答 `POST /embeddings`：`same-model` 只用与第一个目标同名模型的目标，因为不同模型的向量不能相互比较；`any-model` 不限",
  "routes[].hedge": ["第一个目标太慢时启动后面的目标：谁先出内容用谁，另一个请求随即中止。两边都要花 token", "none"],
  "routes[].hedge.after": "等多久：时长，如 `2s`；或百分位，如 `p95`，按本路由首段内容的用时计算，满 20 次才有",
  "routes[].hedge.percent": "每 100 次调用最多发多少个第二请求",
  "routes[].hedge.tools": "带工具的请求能否这样做？",
  "routes[].retryBudget": "限制对同一目标的重试",
  "routes[].retryBudget.percent": "路由每 100 次调用最多重试多少次",
  "routes[].retryBudget.reserve": "此外留给流量小的路由的重试次数",
  "routes[].on":
    "失败之后怎么做，按原因（`Overloaded`）、准确的状态码（`429`）或状态码类别（`4xx`）覆盖决策表。原因优先于状态码，状态码优先于类别",
  "routes[].on.*.fallback": ["能否换下一个目标？", byTable],
  "routes[].on.*.anotherKey": ["能否换同一目标的另一个 key？", byTable],
  "routes[].on.*.again": ["能否对同一目标再问一次？", byTable],
  consumers: "谁可以调用网关；不写就是开放的",
  "consumers[].name": "出现在日志里，`match.consumers` 用它引用",
  "consumers[].keys":
    "它可以携带的 key，写原文，或 `sha256:` 加 64 位十六进制；每个写成一段文字或一个对象。无论哪种写法，网关只保留 SHA-256",
  "consumers[].keys[].value": "key 原文，或 `sha256:` 加 64 位十六进制",
  "consumers[].keys[].name": ["列出 key 时显示的名字", "它的编号"],
  "consumers[].keys[].expires": ["从何时起失效，如 `2027-01-31`（UTC 零点）或 `2027-01-31T18:00:00+08:00`", "永不失效"],
  "consumers[].models": "它可以请求的模型；`*` 代表任意字符；不写就是全部",
  "consumers[].routes": "它的请求可以走的路由；不写就是全部",
  "consumers[].limits": "它可以用多少。一个请求最多会用掉的量，在发出之前先预扣",
  "consumers[].limits.requestsPerMinute": ["每个自然分钟最多多少个请求", "不限"],
  "consumers[].limits.tokensPerMinute": ["每个自然分钟最多多少 Token，输入输出合计", "不限"],
  "consumers[].limits.concurrency": ["同时最多多少个请求", "不限"],
  "consumers[].limits.tokensPerDay": ["每天（UTC）最多多少 Token", "不限"],
  "consumers[].limits.tokensPerMonth": ["每月（UTC）最多多少 Token", "不限"],
  "consumers[].limits.costPerDay": [
    "每天最多花多少钱，按 `prices` 计算；设了之后，没有该币种价格的模型会被拒绝",
    "不限"
  ],
  "consumers[].limits.costPerMonth": ["每月最多花多少钱，其余同上", "不限"],
  "consumers[].limits.currency": "`costPerDay` 和 `costPerMonth` 的币种",
  models: "应用给模型起的名字，供代码使用；网关只认模型自己的名字",
  "models.*.model": "要请求的模型。必须有一条路由不靠请求头和消费者就能接住它",
  "models.*.options": ["提示词选项的底，提示词自己的选项优先", "none"],
  "models.*.options.temperature": ["采样温度", vendors],
  "models.*.options.topP": ["从累计概率多少的 token 里抽取", vendors],
  "models.*.options.topK": ["从多少个 token 里抽取", vendors],
  "models.*.options.maxTokens": ["回答最多多少 token", vendors],
  "models.*.options.stopSequences": ["遇到就结束回答的文字", "none"],
  "models.*.options.presencePenalty": ["对出现过的 token 的惩罚", vendors],
  "models.*.options.frequencyPenalty": ["按出现次数对 token 的惩罚", vendors],
  "models.*.options.seed": ["采样的种子", "none"],
  "models.*.options.reasoningEffort": ["思考多少，用厂商自己的说法", vendors],
  "models.*.options.extraBody": [
    "原样写进请求的字段；降级到另一家厂商时，它不认识的开关（`thinking`、`enable_thinking` 等）不会发给它",
    "none"
  ],
  prices:
    "每百万 token 的价格，按模型写，或按 `provider/model` 写在某家的价格。内置了各家官方地址的目录价，这里写的优先",
  "prices.*.input": "每百万输入 token",
  "prices.*.output": "每百万输出 token，含思考",
  "prices.*.cachedInput": ["每百万命中厂商缓存的输入 token", "同 `input`"],
  "prices.*.currency": "币种，如 `CNY`"
}

const toText = (text: string | readonly [string, string]): Text =>
  typeof text === "string" ? { meaning: text } : { meaning: text[0], leftOut: text[1] }

/** Chinese. */
export const chinese: Language = {
  head: "| 设置 | 含义 | 默认值 |\n| --- | --- | --- |",
  required: "必填",
  none: "无",
  below: (anchor) => `，见[下文](#${anchor})`,
  of: (path, english) => {
    const text = texts[path]
    if (text === undefined) throw new Error(`test/settings/Chinese.ts says nothing of ${path}: ${english.meaning}`)
    return toText(text)
  }
}
