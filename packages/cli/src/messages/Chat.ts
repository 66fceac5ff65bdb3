/** What `understudy chat` says. */
import { define } from "./define.ts"

/** Messages of `chat`. */
export const chat = define({
  en: {
    welcome: (model: string) => `Talking to ${model}. /help says what else can be typed.`,
    help: [
      "/model NAME  ask another model from now on",
      "/trail       the attempts of the last call",
      "/exit        end; Ctrl-D does, too",
      "Arrow up and down bring back what was asked. Ctrl-C breaks off an answer."
    ],
    asking: (target: string) => `asking ${target}`,
    askingInstead: (target: string, failed: string) => `asking ${target} instead (${failed})`,
    mocked: (model: string) => `answered by a mock of ${model}: made up, no model was asked`,
    needsKey: (address: string) =>
      `${address} wants a key: put it into UNDERSTUDY_API_KEY, or behind --api-key. A gateway of yours has it in its .env as UNDERSTUDY_CONSUMER_KEY.`,
    refusesKey: (address: string) =>
      `${address} refuses the key that was sent (UNDERSTUDY_API_KEY or --api-key). A gateway of yours has the right one in its .env as UNDERSTUDY_CONSUMER_KEY.`,
    unreachable: (address: string) => `${address} could not be asked which models it has:`,
    noModel: (routes: string) => `Say which model to ask: --model NAME. Routes: ${routes}.`,
    model: (model: string) => `Model: ${model}`,
    modelUsage: "Write /model NAME.",
    noTrail: "Nothing has been answered yet, so there is no trail.",
    unknown: (command: string) => `There is no ${command}. There is /model NAME, /trail, /help and /exit.`,
    answered: (model: string) => `answered by ${model}`,
    cancelled: "(broken off)",
    you: "you",
    keyWithoutUrl: "--api-key belongs to --base-url. Keys of a configuration stand in understudy.yaml or .env."
  },
  zh: {
    welcome: (model) => `正在与 ${model} 对话。输入 /help 查看还能输入什么。`,
    help: [
      "/model 模型名  之后改问另一个模型",
      "/trail         上一次调用的轨迹",
      "/exit          结束，也可以按 Ctrl-D",
      "上下方向键可调出问过的话；按 Ctrl-C 打断回答。"
    ],
    asking: (target) => `正在询问 ${target}`,
    askingInstead: (target, why) => `改问 ${target}（${why}）`,
    mocked: (model) => `由模拟的 ${model} 回答：内容是编造的，没有请求真实模型`,
    needsKey: (address) =>
      `${address} 需要 key：请放进环境变量 UNDERSTUDY_API_KEY，或用 --api-key 给出。自己的网关，key 在它的 .env 里，名为 UNDERSTUDY_CONSUMER_KEY。`,
    refusesKey: (address) =>
      `${address} 不接受所给的 key（UNDERSTUDY_API_KEY 或 --api-key）。自己的网关，正确的 key 在它的 .env 里，名为 UNDERSTUDY_CONSUMER_KEY。`,
    unreachable: (address) => `无法向 ${address} 询问它有哪些模型：`,
    noModel: (routes) => `请指定模型：--model 模型名。路由：${routes}。`,
    model: (model) => `模型：${model}`,
    modelUsage: "请写 /model 模型名。",
    noTrail: "还没有得到过答复，没有轨迹可看。",
    unknown: (command) => `没有 ${command}。可用：/model 模型名、/trail、/help、/exit。`,
    answered: (model) => `由 ${model} 回答`,
    cancelled: "（已打断）",
    you: "你",
    keyWithoutUrl: "--api-key 要和 --base-url 一起用。配置里的 key 写在 understudy.yaml 或 .env 里。"
  }
})
