/**
 * What the faces share of the one language, OpenAI's chat completions: how its odd values are read, and its streams folded.
 *
 * A door: the modules behind it are the core's own.
 */

/** A stream as the completion that it adds up to. */
export * as Fold from "../internal/wire/Fold.ts"
/** When a vendor says to come back. */
export * as RetryAfter from "../internal/wire/RetryAfter.ts"
/** Texts that no server refuses. */
export * as Text from "../internal/wire/Text.ts"
/** Text completions, and the chats that they would be. */
export * as TextCompletion from "../internal/wire/TextCompletion.ts"
/** Usage, whatever a vendor calls it. */
export * as TokenCounts from "../internal/wire/TokenCounts.ts"
/** The arguments of a tool call, as text and as a value. */
export * as ToolArguments from "../internal/wire/ToolArguments.ts"
/** The parts of a tool call that a stream brings. */
export * as ToolCalls from "../internal/wire/ToolCalls.ts"
