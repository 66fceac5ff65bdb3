/** The vendors that `init` and `start` know by name: where keys come from, and which variables hold them. */
import type { Dialect } from "@understudy/core/provider/Dialect"
import * as DeepSeek from "@understudy/core/provider/deepseek/DeepSeek"
import * as Qwen from "@understudy/core/provider/qwen/Qwen"
import type { Language } from "../Language.ts"

/** A vendor. */
export interface Vendor {
  /** The provider's name in the configuration, and its type. */
  readonly name: "deepseek" | "qwen"
  readonly label: Readonly<Record<Language, string>>
  readonly dialect: Dialect
  /** The environment variable with its keys, comma-separated. */
  readonly variable: string
  /** The environment variable with another address. */
  readonly urlVariable: string
  /** Where its keys are made. */
  readonly console: string
}

/** DeepSeek. */
export const deepseek: Vendor = {
  name: "deepseek",
  label: { en: "DeepSeek", zh: "DeepSeek" },
  dialect: DeepSeek.dialect,
  variable: "DEEPSEEK_API_KEY",
  urlVariable: "DEEPSEEK_BASE_URL",
  console: "https://platform.deepseek.com/api_keys"
}

/** Qwen on Alibaba Cloud Model Studio. */
export const qwen: Vendor = {
  name: "qwen",
  label: { en: "Qwen (DashScope)", zh: "通义千问（百炼）" },
  dialect: Qwen.dialect,
  variable: "DASHSCOPE_API_KEY",
  urlVariable: "DASHSCOPE_BASE_URL",
  console: "https://bailian.console.aliyun.com/"
}

/** Every vendor, in the order in which it is asked for. */
export const vendors: ReadonlyArray<Vendor> = [deepseek, qwen]

/** Keys as people give them: separated by commas, spaces around them, each once. */
export const splitKeys = (text: string): ReadonlyArray<string> => {
  const parts = text.split(/[,，]/).map((part) => part.trim())
  return [...new Set(parts.filter((part) => part !== ""))]
}
