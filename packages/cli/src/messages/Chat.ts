/** What `understudy chat` says. */
import { define } from "./define.ts"

/** Messages of `chat`. */
export const chat = define({
  en: {
    welcome: (model: string) => `Talking to ${model}. /model NAME  /trail  /exit`,
    noModel: (routes: string) => `Say which model to ask: --model NAME. Routes: ${routes}.`,
    model: (model: string) => `Model: ${model}`,
    modelUsage: "Write /model NAME.",
    noTrail: "Nothing has been asked yet.",
    unknown: (command: string) => `There is no ${command}. There is /model NAME, /trail and /exit.`,
    answered: (model: string) => `answered by ${model}`,
    cancelled: "(broken off)",
    you: "you",
    keyWithoutUrl: "--api-key belongs to --base-url. Keys of a configuration stand in understudy.yaml or .env."
  },
  zh: {
    welcome: (model) => `正在与 ${model} 对话。/model 模型名  /trail  /exit`,
    noModel: (routes) => `请指定模型：--model 模型名。路由：${routes}。`,
    model: (model) => `模型：${model}`,
    modelUsage: "请写 /model 模型名。",
    noTrail: "还没有问过。",
    unknown: (command) => `没有 ${command}。可用：/model 模型名、/trail、/exit。`,
    answered: (model) => `由 ${model} 回答`,
    cancelled: "（已打断）",
    you: "你",
    keyWithoutUrl: "--api-key 要和 --base-url 一起用。配置里的 key 写在 understudy.yaml 或 .env 里。"
  }
})
