/**
 * Moonshot's models by their names (platform.kimi.ai: use-kimi-k2-thinking-model, migrating-from-openai-to-kimi;
 * theopenco/llmgateway#3065 for what cannot be switched off). `kimi-k2-*` of 2025, `kimi-k2.5` and `moonshot-v1-*` are retired.
 */
import * as ModelTable from "../ModelTable.ts"

/** When a model thinks: `byDefault` follows `thinking`. */
export type Thinks = "byDefault" | "always"

const find = ModelTable.make<Thinks>([[["kimi-k2.5", "kimi-k2.6"], "byDefault"]])

/** When the model thinks; of one that is not known, what holds for those of today. */
export const thinks = (name: string): Thinks => find(name) ?? "always"
