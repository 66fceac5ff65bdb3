/** What a vendor does with one request and others do not, and how that is known: a row of the table `Rules`. */

/** How sure it is. */
export type Confidence =
  /** The vendor's own page, or two captures that have nothing to do with each other. */
  | "high"
  /** One capture, or read out of somebody's adapter. */
  | "medium"
  /** Concluded from what is like it. */
  | "low"

/** A row. */
export interface Rule {
  /** One of the vendor's, in kebab case. */
  readonly name: string
  /** What the vendor does, in a sentence. */
  readonly about: string
  /** The request that shows it; without `messages` it asks who is there. */
  readonly request: Readonly<Record<string, unknown>> & { readonly model: string }
  readonly status: number
  /** What stands in the answer. */
  readonly answer: string
  /** What does not stand there. */
  readonly lacks?: string
  /** Pages, or issues of GitHub as `owner/repository#number`. */
  readonly source: string
  /** `high` unless told otherwise. */
  readonly confidence?: Confidence
}

/** A turn of a user. */
export const user = (content: unknown = "Who are you?"): object => ({ role: "user", content })

/** A function that may be called. */
export const lookup = {
  type: "function",
  function: { name: "lookup", description: "Looks a city up", parameters: { type: "object", properties: {} } }
}

/** A call of it, in an assistant's message. */
export const called = (input = "{}", more: object = {}): object => ({
  ...{ role: "assistant", content: "" },
  ...more,
  tool_calls: [{ id: "call_1", type: "function", function: { name: "lookup", arguments: input } }]
})

/** The result of that call. */
export const result: object = { role: "tool", tool_call_id: "call_1", content: "Hangzhou" }

/** That one function, demanded. */
export const demanded: object = { type: "function", function: { name: "lookup" } }

/** A picture of one point. */
export const picture: object = {
  type: "image_url",
  image_url: {
    url: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
  }
}

/** A schema for an answer. */
export const schema: object = {
  type: "json_schema",
  json_schema: {
    name: "city",
    strict: true,
    schema: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false
    }
  }
}
