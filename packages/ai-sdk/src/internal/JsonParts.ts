/**
 * The parts of a streamed answer that was to be JSON: its text is the JSON in it, past thinking, a fence and prose, as the AI
 * SDK is told it beside a whole answer. There is one text, which ends with the answer.
 */
import type { LanguageModelV4StreamPart } from "@ai-sdk/provider"
import { StructuredOutput } from "@understudy/chat-model/promise"

type Parts = ReadonlyArray<LanguageModelV4StreamPart>

const id = "json-1"

/** The texts of one stream. Refusals, which are no JSON, pass. */
export class JsonParts {
  readonly #json: StructuredOutput.JsonText
  readonly #refusals = new Set<string>()
  #isOpen = false

  constructor(isObject: boolean) {
    this.#json = new StructuredOutput.JsonText(isObject)
  }

  /** What becomes of a part. */
  take(part: LanguageModelV4StreamPart): Parts {
    switch (part.type) {
      case "text-start":
        if (part.providerMetadata === undefined) return []
        this.#refusals.add(part.id)
        return [part]
      case "text-delta":
        return this.#refusals.has(part.id) ? [part] : this.#write(this.#json.push(part.delta))
      case "text-end":
        return this.#refusals.has(part.id) ? [part] : []
      case "error":
      case "finish":
        return [...this.#end(), part]
      default:
        return [part]
    }
  }

  #write(delta: string): Parts {
    if (delta === "") return []
    const start: Parts = this.#isOpen ? [] : [{ type: "text-start", id }]
    this.#isOpen = true
    return [...start, { type: "text-delta", id, delta }]
  }

  #end(): Parts {
    const last = this.#write(this.#json.end())
    const end: Parts = this.#isOpen ? [{ type: "text-end", id }] : []
    this.#isOpen = false
    return [...last, ...end]
  }
}
