/**
 * The words and the notations of a configuration: what is wrong with one, in whatever language, and how durations and sizes are
 * written. Cheap to load.
 *
 * A door: the modules behind it are the core's own.
 *
 * @see Reading for what reads a whole configuration
 */

/** What is wrong with a configuration, as data and in words. */
export * as Problem from "../internal/config/Problem.ts"
/** What somebody may have meant. */
export * as Suggest from "../internal/config/Suggest.ts"
/** The text of a file. */
export * as TextFile from "../internal/config/TextFile.ts"
/** Keys as people write them, and what is wrong with one. */
export * as KeyText from "../internal/key/KeyText.ts"
/** Why a base URL cannot be used. */
export * as BaseUrl from "../internal/provider/BaseUrl.ts"
/** Durations as people write them. */
export * as Duration from "../internal/setting/Duration.ts"
/** Sizes as people write them. */
export * as Size from "../internal/setting/Size.ts"
