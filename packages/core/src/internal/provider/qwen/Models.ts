/**
 * The models of Model Studio by their names, as far as they differ in what they take.
 *
 * Sources: Model Studio's pages on deep thinking, structured output (2026-02-06), omni and text models; for what thinks by
 * default langgenius/dify-official-plugins#2626 and #2628, for 3.7-max can1357/oh-my-pi#1861, for 3.8-max QwenLM/qwen-code#7303,
 * for omni dify-official-plugins#3205; for text completions the page "Completions" (2025-11-12).
 */
import * as ModelTable from "../ModelTable.ts"

/** What is known of a model. */
export interface Model {
  /** When it thinks: `asked` and `byDefault` follow `enable_thinking`. */
  readonly thinks: "never" | "asked" | "byDefault" | "always"
  /** Which calls it answers only as a stream. */
  readonly streams: "never" | "whileThinking" | "always"
  /** Dated snapshots from this day on, and the names without a date, take a schema; others any JSON object. */
  readonly schemaSince?: string
  /** True where it takes nothing but text. Left out: unknown. */
  readonly textOnly?: true
  /** True where it has text completions. Left out: it has none. */
  readonly completes?: true
}

const hybrid: Model = { thinks: "asked", streams: "whileThinking" }
const reasoner: Model = { thinks: "always", streams: "always" }
const plain: Model = { thinks: "never", streams: "never" }
const schemas = { schemaSince: "2025-07-28", textOnly: true } as const

const find = ModelTable.make<Model>([
  [["qwq"], { ...reasoner, textOnly: true }],
  [["qvq", "*-vl-*-thinking", "*-omni-*-thinking"], reasoner],
  // Since 2025 every omni model is asked for a stream, whether it thinks or not.
  [["*-omni"], { thinks: "asked", streams: "always" }],
  [["*-vl-*-instruct"], plain],
  [["*-vl"], hybrid],
  [["*-audio", "*-asr"], plain],
  [["qwen3-*-thinking"], { ...reasoner, textOnly: true }],
  [["*-thinking"], reasoner],
  [["qwen2.5-coder", "qwen-coder-turbo"], { ...plain, textOnly: true, completes: true }],
  [["qwen3-*-instruct", "*-coder", "qwen-max", "qwen2.5", "qwen2", "qwen1.5"], { ...plain, textOnly: true }],
  // From 3.5 on, thinking needs no stream. What cannot be switched off: the catalogue has no such level.
  [["qwen3.8", "qwen4"], { thinks: "always", streams: "never" }],
  [["qwen3.7-max"], { thinks: "byDefault", streams: "never", textOnly: true }],
  [["qwen3.5", "qwen3.6", "qwen3.7"], { thinks: "byDefault", streams: "never" }],
  [["qwen3-max"], { ...hybrid, textOnly: true, schemaSince: "2025-09-23" }],
  [["qwen-plus", "qwen-flash"], { ...hybrid, ...schemas }],
  [["qwen-turbo"], { ...hybrid, textOnly: true }],
  // The open-source ones of April 2025, with any size.
  [["qwen3-*b"], { thinks: "byDefault", streams: "whileThinking", textOnly: true }],
  [["deepseek-v3.2"], { ...hybrid, ...schemas }]
])

/** What is known of a model; of one that is not known, what holds for most. */
export const of = (name: string): Model => find(name) ?? hybrid

const dateOf = (name: string): string | undefined => /-(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1]

/** True when the model takes a schema. */
export const takesSchema = (name: string): boolean => {
  const { schemaSince } = of(name)
  return schemaSince !== undefined && (dateOf(name) ?? schemaSince) >= schemaSince
}
