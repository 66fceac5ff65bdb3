/**
 * What a face needs that answers callers who speak OpenAI's wire: what they ask, and how they are answered.
 *
 * A door: the modules behind it are the core's own, and a face reaches them here or not at all.
 */

/** What callers may still use. */
export * as Allowance from "../internal/allowance/Allowance.ts"
/** A request's body as text. */
export * as BodyText from "../internal/face/BodyText.ts"
/** Chat completions that are asked for. */
export * as ChatRequest from "../internal/face/ChatRequest.ts"
/** Embeddings that are asked for. */
export * as EmbeddingRequest from "../internal/face/EmbeddingRequest.ts"
/** Paths that OpenAI's clients ask. */
export * as Endpoint from "../internal/face/Endpoint.ts"
/** Headers that say who answered. */
export * as Headers from "../internal/face/Headers.ts"
/** Errors as OpenAI's clients read them. */
export * as Problem from "../internal/face/Problem.ts"
/** A request's body, parsed. */
export * as RequestBody from "../internal/face/RequestBody.ts"
/** How a stream to a caller ends. */
export { StreamEnding } from "../internal/face/StreamEnding.ts"
/** Text completions that are asked for. */
export * as TextCompletionRequest from "../internal/face/TextCompletionRequest.ts"
/** Monotonic time, deadlines that can be moved, and a bag for what is under way. */
export * as Watchdog from "../internal/upstream/Watchdog.ts"
