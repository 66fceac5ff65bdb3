/** What `understudy explain` says. */
import { define } from "./define.ts"

/** Messages of `explain`. */
export const explain = define({
  en: {
    model: "Model",
    route: "Route",
    noRoute: "none: the gateway would answer 404 model_not_found",
    routes: "Routes, in the order in which they are asked",
    targets: "Then, in this order",
    target: "target",
    fallback: "fallback",
    weight: (weight: number) => `weight ${weight}`,
    unusable: "cannot be used now: passed over",
    circuit: (state: string) => `circuit ${state}`,
    keys: "keys: one is drawn, the others stand by",
    dueIn: (seconds: number) => `back in ${seconds} s`,
    states: { Available: "available", Cooling: "cooling down", Removed: "removed", Disabled: "disabled" },
    taken: "taken",
    notModel: (match: string) => `the model is not ${match}`,
    notHeader: (name: string, value: string) => `header ${name} is not "${value}"`,
    notConsumer: (names: ReadonlyArray<string>) => `the consumer is not one of ${names.join(", ")}`,
    shadowed: (route: string) => `would fit too, but ${route} is more specific or stands earlier`,
    fresh: "No request was sent. Keys are shown as they are at the start; a running gateway may have learned more."
  },
  zh: {
    model: "模型",
    route: "路由",
    noRoute: "无：网关会答复 404 model_not_found",
    routes: "各路由，按询问的先后",
    targets: "随后依次",
    target: "目标",
    fallback: "后备",
    weight: (weight) => `权重 ${weight}`,
    unusable: "目前不可用：跳过",
    circuit: (state) => `熔断器 ${state}`,
    keys: "key：抽一个用，其余待命",
    dueIn: (seconds) => `${seconds} 秒后恢复`,
    states: { Available: "可用", Cooling: "冷却中", Removed: "已移出", Disabled: "已停用" },
    taken: "选中",
    notModel: (match) => `模型不是 ${match}`,
    notHeader: (name, value) => `请求头 ${name} 不是 "${value}"`,
    notConsumer: (names) => `消费者不在 ${names.join("、")} 之中`,
    shadowed: (route) => `也匹配，但 ${route} 更具体或更靠前`,
    fresh: "未发送任何请求。key 的状态是启动时的样子；运行中的网关可能知道得更多。"
  }
})
