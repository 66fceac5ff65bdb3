/** Why a key or a call failed, and what happened, in words. A name that is not known here is shown as it is. */
import type { Happening } from "../live/Live.ts"
import { define, useTexts } from "./Language.tsx"

const texts = define({
  en: {
    reasons: {
      Unauthorized: "invalid or revoked",
      BalanceExhausted: "arrears",
      PermissionDenied: "no permission",
      RateLimited: "rate limited",
      Overloaded: "vendor overloaded",
      ServerFailed: "vendor's server failed",
      ConnectionFailed: "connection failed",
      TimedOut: "no answer in time",
      MalformedResponse: "answer could not be read",
      EmptyResponse: "empty answer",
      Interrupted: "answer broke off",
      ModelNotFound: "model does not exist",
      ContextTooLong: "context too long",
      ContentFiltered: "content refused",
      Unsuited: "not for this model",
      InvalidRequest: "request refused",
      Cancelled: "cancelled"
    },
    happened: {
      keyRemoved: (key: string, why: string) => `Key ${key} removed: ${why}`,
      keyCooling: (key: string, model: string) => `Key ${key} cools down for ${model}`,
      keyRestored: (key: string) => `Key ${key} is back`,
      keyProbed: (key: string) => `Probe of key ${key} failed; it stays out`,
      keyDisabled: (key: string, who: string) => `Key ${key} disabled by ${who}`,
      keyEnabled: (key: string, who: string) => `Key ${key} restored by ${who}`,
      circuitOpen: (target: string) => `Circuit of ${target} opened`,
      circuitHalfOpen: (target: string) => `Circuit of ${target} half-open: one call tries`,
      circuitClosed: (target: string) => `Circuit of ${target} closed`,
      configApplied: (who: string) => `Configuration applied by ${who}`,
      configRefused: (why: string) => `Configuration refused: ${why}`
    }
  },
  zh: {
    reasons: {
      Unauthorized: "无效或已吊销",
      BalanceExhausted: "欠费",
      PermissionDenied: "无权限",
      RateLimited: "被限流",
      Overloaded: "厂商过载",
      ServerFailed: "厂商服务出错",
      ConnectionFailed: "连接失败",
      TimedOut: "超时未答复",
      MalformedResponse: "答复无法解析",
      EmptyResponse: "答复为空",
      Interrupted: "答复中途断开",
      ModelNotFound: "模型不存在",
      ContextTooLong: "上下文过长",
      ContentFiltered: "内容被拒",
      Unsuited: "模型不支持该请求",
      InvalidRequest: "请求被拒",
      Cancelled: "已取消"
    },
    happened: {
      keyRemoved: (key, why) => `Key ${key} 已摘除：${why}`,
      keyCooling: (key, model) => `Key ${key} 对 ${model} 冷却中`,
      keyRestored: (key) => `Key ${key} 已恢复`,
      keyProbed: (key) => `Key ${key} 探活未通过，继续摘除`,
      keyDisabled: (key, who) => `${who} 停用了 Key ${key}`,
      keyEnabled: (key, who) => `${who} 恢复使用 Key ${key}`,
      circuitOpen: (target) => `${target} 已熔断`,
      circuitHalfOpen: (target) => `${target} 半开试探中`,
      circuitClosed: (target) => `${target} 熔断恢复正常`,
      configApplied: (who) => `${who} 应用了新配置`,
      configRefused: (why) => `配置未被接受：${why}`
    }
  }
})

/** Says a reason by its tag. */
export const useReason = (): ((tag: string | null) => string) => {
  const { reasons } = useTexts(texts)
  const known: Readonly<Record<string, string>> = reasons
  // A reason may bring a detail behind its tag: "RateLimited (rpm)".
  return (tag) => (tag === null ? "" : (known[tag.split(/[^A-Za-z]/)[0] ?? ""] ?? tag))
}

/** Says what happened in a sentence. */
export const useHappened = (): ((happening: Happening) => string) => {
  const { happened } = useTexts(texts)
  const reason = useReason()
  return ({ detail, key, kind, model, provider, reason: why }) => {
    const target = [provider, model].filter((part) => part !== null).join("/")
    const ownKey = `${provider ?? ""}/${key ?? ""}`
    switch (kind) {
      case "key-removed":
        return happened.keyRemoved(ownKey, reason(why))
      case "key-cooling":
        return happened.keyCooling(ownKey, model ?? "")
      case "key-restored":
        return detail === null ? happened.keyRestored(ownKey) : happened.keyEnabled(ownKey, detail)
      case "key-probed":
        return happened.keyProbed(ownKey)
      case "key-disabled":
        return happened.keyDisabled(ownKey, detail ?? "")
      case "circuit-open":
        return happened.circuitOpen(target)
      case "circuit-halfopen":
        return happened.circuitHalfOpen(target)
      case "circuit-closed":
        return happened.circuitClosed(target)
      case "config-applied":
        return happened.configApplied(detail ?? "")
      case "config-refused":
        return happened.configRefused(detail ?? "")
      default:
        return [kind, ownKey, detail].filter((part) => part !== null && part !== "/").join(" ")
    }
  }
}
