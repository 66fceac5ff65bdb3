/** What is said to people: in both languages. */
import * as Schema from "effect/Schema"

/** A sentence in both languages. */
export const Sentence = Schema.Struct({ en: Schema.String, zh: Schema.String })

/** A sentence in both languages. */
export type Sentence = typeof Sentence.Type
