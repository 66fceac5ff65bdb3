/** What `serve`, `mock serve` and every running gateway say. */
import { define } from "./define.ts"

/** Messages of servers. */
export const serve = define({
  en: {
    gateway: "Gateway",
    mock: "Mock",
    routes: "Routes",
    keys: "Keys",
    access: "Access",
    control: "Control",
    open: "open: no consumers are configured, so whoever reaches this address may use it",
    openToNetwork: "Open, and not on the loopback: anybody on the network can spend your keys. Configure `consumers`.",
    consumers: (names: string) => `consumers: ${names}`,
    standIn: "fallback",
    ctrlC: "Ctrl-C stops.",
    requests: "One line per request:",
    linesLost: (count: number) => `${count} lines of this log could not be written`,
    keyRemoved: (key: string, reason: string, seconds: number) =>
      `key ${key} is out: ${reason}; first probe in ${seconds} s`,
    keyCooling: (key: string, model: string, seconds: number) => `key ${key} cools down for ${model}: ${seconds} s`,
    keyRestored: (key: string) => `key ${key} is back`,
    circuitOpen: (target: string, seconds: number) => `target ${target} keeps failing: left alone for ${seconds} s`,
    circuitClosed: (target: string) => `target ${target} is back`,
    admin: "Admin",
    setupToken: (token: string) => `set-up token: ${token} (sets the admin's password, once, within an hour)`,
    configApplied: (source: string) => `${source} has changed, and is in force`,
    requestsLost: (why: string) => `requests are missing from the log of the admin side: ${why}`,
    configRefused: (problems: string) => `the configuration in force is kept:\n${problems}`,
    replicasMissing:
      "`server.replicas` needs the package @understudy/redis. Install it beside this one: npm install @understudy/redis",
    replicasLost: (why: string) => `the other gateways are out of reach: ${why}; this one goes on by what it knows`,
    replicasBack: "the other gateways are within reach again",
    baseUrl: (vendor: string) => `${vendor} base URL`,
    badKeys: (example: string, vendors: ReadonlyArray<string>) =>
      `Write keys as VENDOR:KEY or VENDOR:KEY:STATE, with vendor ${vendors.join(" or ")}; got "${example}".`,
    anyKey: "every sk- key is valid",
    breakKey: "break a key, and mend it",
    speed: "Speed",
    faster: (speed: number, header: string) =>
      `${speed} times real time, as ${header} says on every answer: divide the client's own timeouts and cool-downs by it`,
    addFault: "an outage, and its end",
    journal: "what was asked",
    reset: "everything as at the start"
  },
  zh: {
    gateway: "网关",
    mock: "模拟厂商",
    routes: "路由",
    keys: "key",
    access: "访问",
    control: "控制",
    open: "开放：没有配置消费者，能连到这个地址的人都能用",
    openToNetwork: "网关开放且不只在本机监听：同一网络里的任何人都能用掉你的额度。请配置 `consumers`。",
    consumers: (names) => `消费者：${names}`,
    standIn: "后备",
    ctrlC: "按 Ctrl-C 停止。",
    requests: "每个请求一行：",
    linesLost: (count) => `有 ${count} 行日志没能写出`,
    keyRemoved: (key, reason, seconds) => `key ${key} 移出：${reason}；${seconds} 秒后首次探测`,
    keyCooling: (key, model, seconds) => `key ${key} 对 ${model} 冷却 ${seconds} 秒`,
    keyRestored: (key) => `key ${key} 恢复`,
    circuitOpen: (target, seconds) => `目标 ${target} 接连出错：${seconds} 秒内不再请求`,
    circuitClosed: (target) => `目标 ${target} 恢复`,
    admin: "管理端",
    setupToken: (token) => `初始化口令：${token}（一小时内有效，用来设置一次管理员密码）`,
    configApplied: (source) => `${source} 有改动，已生效`,
    requestsLost: (why) => `管理端的请求日志缺了一部分：${why}`,
    configRefused: (problems) => `沿用当前生效的配置：\n${problems}`,
    baseUrl: (vendor) => `${vendor} 的 base URL`,
    replicasMissing: "`server.replicas` 需要 @understudy/redis 这个包，请与本包装在一起：npm install @understudy/redis",
    replicasLost: (why) => `联系不上其他网关：${why}；本网关按已知的情况继续`,
    replicasBack: "又能联系上其他网关了",
    badKeys: (example, vendors) =>
      `key 请写作 厂商:KEY 或 厂商:KEY:状态，厂商为 ${vendors.join(" 或 ")}；收到 "${example}"。`,
    anyKey: "任何 sk- key 都有效",
    breakKey: "让一个 key 失效，再恢复",
    speed: "速度",
    faster: (speed, header) =>
      `真实时间的 ${speed} 倍，每个响应都以 ${header} 说明：客户端自己的超时和冷却时间要除以它`,
    addFault: "制造故障，再解除",
    journal: "收到过哪些请求",
    reset: "恢复到启动时的样子"
  }
})
