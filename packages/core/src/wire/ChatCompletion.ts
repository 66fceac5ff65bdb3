/**
 * The one language of the core: OpenAI chat-completions JSON.
 *
 * Only what the core reads is named; every other field of a request or a response passes through untouched, so that a
 * parameter which a vendor invents tomorrow works today. The named fields are a subset of the `openai` package's types
 * (a test holds the two together) plus what DeepSeek and Qwen add.
 */

/** One message of a request. Vendors' own fields (`reasoning_content`, `prefix`, `partial`) pass through. */
export interface ChatMessage {
  readonly role: string
  readonly content?: unknown
  readonly [field: string]: unknown
}

/** What every request holds. */
export interface ModelRequest {
  readonly model: string
  readonly [field: string]: unknown
}

/** The body of `POST /chat/completions`. */
export interface ChatCompletionRequest extends ModelRequest {
  readonly messages: ReadonlyArray<ChatMessage>
  readonly stream?: boolean | null | undefined
  readonly stream_options?: { readonly include_usage?: boolean | undefined } | null | undefined
}

/** A tool call, whole in a message or a fragment in a delta. Fragments after the first may lack `id` and `name`. */
export interface ToolCallDelta {
  readonly index?: number
  readonly id?: string | null
  readonly type?: string
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null }
}

/** What a delta or a finished message may hold. */
export interface ChatDelta {
  readonly role?: string | null
  readonly content?: string | null
  readonly reasoning_content?: string | null
  readonly reasoning?: string | null
  readonly refusal?: string | null
  readonly tool_calls?: ReadonlyArray<ToolCallDelta> | null
  readonly [field: string]: unknown
}

/** Tokens, as vendors report them. Absent means unknown, which is not zero. */
export interface CompletionUsage {
  readonly prompt_tokens?: number
  readonly completion_tokens?: number
  readonly total_tokens?: number
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null
  readonly prompt_cache_hit_tokens?: number
  readonly [field: string]: unknown
}

/** What every choice may hold, beside what is said. */
export interface Choice {
  readonly index?: number
  readonly finish_reason?: string | null
  readonly [field: string]: unknown
}

/** What every answer and every frame may hold, beside the choices. */
export interface ModelAnswer {
  readonly id?: string
  readonly object?: string
  readonly created?: number
  readonly model?: string
  readonly usage?: CompletionUsage | null
  readonly [field: string]: unknown
}

/** One choice of a completion. */
export interface ChatChoice extends Choice {
  readonly message: ChatDelta
}

/** The whole answer to a request without `stream`. */
export interface ChatCompletion extends ModelAnswer {
  readonly choices: ReadonlyArray<ChatChoice>
}

/** What an answer says of itself, whole or still coming. */
export interface Said {
  readonly id?: string | undefined
  readonly model?: string | undefined
  readonly usage?: CompletionUsage | null | undefined
  readonly choices?: ReadonlyArray<{ readonly finish_reason?: string | null | undefined }>
}

/** One choice of a chunk. */
export interface ChunkChoice extends Choice {
  readonly delta?: ChatDelta | null
}

/** One `data:` frame of a streamed answer. */
export interface ChatCompletionChunk extends ModelAnswer {
  readonly choices?: ReadonlyArray<ChunkChoice> | null
}
