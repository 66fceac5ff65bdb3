/**
 * What is particular to one vendor, and known nowhere above this folder: where it listens, how it spells errors, which
 * endpoint proves a key for free, which models answer only as a stream.
 */

import type { ErrorRow } from "../internal/provider/ErrorRow.ts"
import type { Headers } from "../upstream/Upstream.ts"
import type { ChatCompletionRequest, ChatMessage, ModelRequest } from "../wire/ChatCompletion.ts"

/** A model name that stands for another one, with fields that go into the request. */
export interface Alias {
  readonly model: string
  /** Fields added to the request's body; the caller's own fields win. */
  readonly extraBody?: Readonly<Record<string, unknown>>
}

/** Model names that stand for others, as configured. */
export type Aliases = Readonly<Record<string, Alias>>

/** How a vendor is asked to go on with a text that it, or another, has begun. */
export interface Prefill {
  /** Field that marks the last assistant message; undefined where the message alone will do. */
  readonly field: string | undefined
  /** Base path of such requests, from the provider's. */
  readonly toPath: (path: string) => string
}

/** The most that a model takes for `response_format`: a schema, any JSON object, or nothing. */
export type StructuredOutput = "json_schema" | "json_object" | "none"

/** The names that the bound of an answer's length goes by. */
export type LengthField = "max_tokens" | "max_completion_tokens"

/** A field of a request that one vendor has, as an option of a model. */
export interface Switch {
  /** On the wire. */
  readonly name: string
  /** What it may be, in words. */
  readonly allowed: string
  readonly accepts: (value: unknown) => boolean
  /** The value on the wire, where that is another than the option's. */
  readonly spell?: (value: unknown) => unknown
}

/** A switch for every option. */
export type Switches<Options extends object> = { readonly [Name in keyof Required<Options>]: Switch }

/** A vendor's own ways. */
export interface Dialect<Options extends object = Readonly<Record<string, unknown>>> {
  /** The `type` of a provider in the configuration. */
  readonly type: string
  /** The vendor's public address; undefined where every user has their own. */
  readonly baseUrl: string | undefined
  /** Path put behind a base URL that has none. */
  readonly defaultPath: string
  /** The vendor's oddities, before the rows common to all. */
  readonly errors: ReadonlyArray<ErrorRow>
  /** The free request that proves a key. */
  readonly probe: {
    readonly path: string
    /** Reads the answer: true when the key works. */
    readonly isHealthy: (status: number, body: string) => boolean
  }
  /**
   * The request with that said which its model would otherwise do by default and then refuse the rest for: a caller who has a
   * format or a tool call demanded, and says nothing of thinking, means the former. The same request where that is not so; left
   * out where it never is.
   */
  readonly settle?: <R extends ModelRequest>(request: R) => R
  /** Fields that every vendor takes as they are, and this one does not: `settle` sees to them. */
  readonly minds?: ReadonlyArray<string>
  /** What the request holds that its model is known not to take (`images`); undefined, or left out, where it may. */
  readonly unsuited?: (request: ModelRequest) => string | undefined
  /** The field that bounds the length of an answer, where the vendor knows one only. */
  readonly lengthField: LengthField | undefined
  /** True when the request's model answers such a request only with `stream: true`; left out where no model does. */
  readonly isStreamOnly?: (request: ModelRequest) => boolean
  /** True when the headers of a 200 say that the answer was cut short; left out where they never do. */
  readonly isPartial?: (headers: Headers) => boolean
  /** What the request's model takes for `response_format`, the request being as it is. */
  readonly structuredOutput: (request: ModelRequest) => StructuredOutput
  /**
   * Its own fields of a request. What only other vendors have is left out of a request to this one, which may refuse it; undefined
   * where any vendor may be behind it: then everybody's fields pass.
   */
  readonly switches: Switches<Options> | undefined
  /** Finish reasons of its own, in any case of letters, that say that it gave up and not that the answer is complete. */
  readonly unfinished?: RegExp
  /** The request's messages as the vendor takes them, whoever began the conversation; the same list where they are fine. */
  readonly lower: (request: ChatCompletionRequest) => ReadonlyArray<ChatMessage>
  /** Undefined where the vendor cannot, or nobody knows. */
  readonly prefill: Prefill | undefined
  /** Base path of a model's text completions (`POST …/completions`), from the provider's; undefined where it has none. */
  readonly completionsPath: (model: string, path: string) => string | undefined
  /** Names that the vendor has retired, and what stands for them today: written into new configurations. */
  readonly retired: Aliases
}
