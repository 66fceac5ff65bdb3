/** What `understudy start` says. */
import { define } from "./define.ts"

/** Messages of `start`. */
export const demo = define({
  en: {
    question: "Who are you?",
    withMocks: "mock DeepSeek and Qwen: no account needed",
    withVendors: "the real vendors: every request is billed by them",
    openForAll: "open: any key is accepted, and none",
    mockMoved: (wanted: number, taken: number) => `Port ${wanted} is taken, so the mock vendors listen on ${taken}.`,
    noMockPort: (first: number, last: number) =>
      `Ports ${first} to ${last} are all taken. Choose another for the mock vendors: \`--mock-port 0\` takes a free one.`,
    missing: (vendor: string, variable: string) => `${vendor} is left out: ${variable} is not set.`,
    realTrail: (names: string) =>
      `${names} were retired by their vendor: the aliases ask for what stands for them today, and the trail shows that model.`,
    good: "good",
    bad: "bad, on purpose",
    tryIt: "Paste into another terminal, in any order.",
    between: (broken: number, mended: number, reset: number) =>
      `From ${broken} until ${mended} or ${reset} Qwen's keys are broken, and DeepSeek stands in wherever Qwen is named.`,
    shows: {
      deepseek: "deepseek-flash, and deepseek-chat as it was called until July 2026: answered by DeepSeek",
      qwen: "qwen3.8-flash, and an older name, qwen-turbo: answered by Qwen",
      consumer: "a caller may send a key: qwen3.8-max, answered by Qwen",
      springAi: "older Spring AI doubles /v1: answered all the same, by DeepSeek",
      tokenFailover:
        "token failover: one of two keys is revoked, still always Qwen. Where it is drawn, the trail has Unauthorized, then the next key",
      fallback:
        "model fallback: the last good key of Qwen is broken, deepseek-flash answers for qwen3.8-flash, streaming too",
      restore: "the key is mended: its probe brings it back, Qwen answers again",
      outage:
        "DeepSeek is down with 500: qwen3.8-flash answers for deepseek-flash, then DeepSeek is back. Starts by mending everything",
      models: "the models that may be asked for",
      explain: "which route, targets and keys a model takes, and why"
    }
  },
  zh: {
    question: "你是谁？",
    withMocks: "模拟的 DeepSeek 和通义千问：无需账号",
    withVendors: "真实厂商：每个请求都由厂商计费",
    openForAll: "开放：带不带 key、带哪个 key 都行",
    mockMoved: (wanted, taken) => `端口 ${wanted} 已被占用，模拟厂商改为监听 ${taken}。`,
    noMockPort: (first, last) =>
      `端口 ${first} 到 ${last} 都被占用。请为模拟厂商另选端口：\`--mock-port 0\` 任选空闲端口。`,
    missing: (vendor, variable) => `未启用 ${vendor}：没有设置 ${variable}。`,
    realTrail: (names) => `${names} 已被厂商停用：别名会改问今天对应的模型，调用轨迹里显示的是那个模型。`,
    good: "可用",
    bad: "故意设为无效",
    tryIt: "粘贴到另一个终端，次序不限。",
    between: (broken, mended, reset) =>
      `从第 ${broken} 步起，到第 ${mended} 或第 ${reset} 步为止，通义千问的 key 都是无效的，凡是标明由通义千问回答的，都由 DeepSeek 代为回答。`,
    shows: {
      deepseek: "deepseek-flash，以及它 2026 年 7 月以前的名字 deepseek-chat：由 DeepSeek 回答",
      qwen: "qwen3.8-flash，以及较早的 qwen-turbo：由通义千问回答",
      consumer: "调用方可以带 key：qwen3.8-max，由通义千问回答",
      springAi: "旧版 Spring AI 会多写一个 /v1：照样由 DeepSeek 回答",
      tokenFailover:
        "令牌降级：两个 key 有一个被吊销，仍始终由通义千问回答。抽中它时，调用轨迹里先是 Unauthorized，接着换下一个 key",
      fallback: "模型降级：让通义千问最后一个有效的 key 失效，qwen3.8-flash 改由 deepseek-flash 回答，流式也一样",
      restore: "恢复：让 key 重新有效，探测成功后又由通义千问回答",
      outage:
        "DeepSeek 宕机（500）：deepseek-flash 改由 qwen3.8-flash 回答；解除后又由 DeepSeek 回答。开头会先把一切恢复原状",
      models: "可以请求的模型",
      explain: "某个模型会走哪条路由、哪些目标和 key，以及原因"
    }
  }
})
