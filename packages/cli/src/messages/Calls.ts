/** Why a call failed, in words. English is the core's own. */
import type { FailoverError } from "@understudy/core/failure/FailoverError"
import * as Reason from "@understudy/core/failure/Reason"
import { common } from "./Common.ts"
import { define } from "./define.ts"

const { reasons } = common.zh

const backIn = (millis: number | undefined): string =>
  millis === undefined ? "" : `最早的一个大约 ${Math.max(1, Math.ceil(millis / 1000))} 秒后恢复。`

const inChinese = ({ reason }: FailoverError): string => {
  switch (reason._tag) {
    case "NoRoute":
      return reason.routes.length === 0
        ? `没有路由接收“${reason.model}”：还没有配置路由，请写在 \`routes\` 下。`
        : `没有路由接收“${reason.model}”。已有路由：${reason.routes.join("、")}。请添加路由，或改问它们接收的模型。`
    case "NoTarget":
      return `路由 ${reason.route} 目前没有能回答的目标：key 都不可用。${backIn(reason.retryAfter)}`
    case "Limited":
      return `能回答的目标都被限流。${backIn(reason.retryAfter)}`
    case "Rejected":
      return `${reasons[reason.failure.reason._tag]}：${reason.failure.message}`
    case "UpstreamFailed": {
      const last = reason.failure.reason
      return `所有目标都失败了。最后一个：${Reason.toLabel(last)}，${reasons[last._tag]}：${reason.failure.message}`
    }
    case "Broken":
      return `回答出了一部分之后断开（${Reason.toLabel(reason.failure.reason)}）：${reason.failure.message}`
    case "DeadlineExceeded":
      return `在 ${reason.total} 毫秒的总时限内没有得到回答。请调大路由的 \`deadlines.total\`，或从轨迹里找出耗时的目标。`
  }
}

/** Messages about calls. */
export const calls = define({
  en: { failed: (error: FailoverError): string => error.message },
  zh: { failed: inChinese }
})
