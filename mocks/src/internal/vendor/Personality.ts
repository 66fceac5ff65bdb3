/**
 * What a vendor has to supply to be played: its paths, its voice, its wire and its refusals. `Director` decides with it;
 * nothing outside of a vendor's folder knows its bytes.
 */
import type { Headers, Step } from "../../Plan.ts"
import type { Answer, Persona } from "../plan/Answer.ts"
import type { Random } from "../plan/Random.ts"
import type { ChatRequest } from "./ChatRequest.ts"
import type { EmbeddingRequest } from "./EmbeddingRequest.ts"
import type { FaultKind } from "./FaultTable.ts"
import type { Rule } from "./Rule.ts"

/** What can be asked of a vendor. */
export type Endpoint = "chat" | "embeddings" | "models" | "balance"

/** Which model names DeepSeek accepts: those before the change of July 2026, those after it, or both, and then today's are listed. */
export type Catalogue = "2025" | "2026" | "both"

/** Switches where captures differ. */
export interface Switches {
  readonly catalogue: Catalogue
  /** DeepSeek from autumn 2026: error messages end with ` (request_id: …)`. */
  readonly requestIdInMessage: boolean
  /** DeepSeek: usage on the finish chunk even without `include_usage`. */
  readonly usageOnFinish: boolean
}

/** A kind of address: the vendor's public one, or one that an account has to itself. */
export type Site = "public" | "workspace"

/** Further addresses of a vendor, and how they are answered there. */
export interface Addresses {
  readonly site: Site
  /** Matches their base URLs from the beginning. */
  readonly url: RegExp
  /** Their path below a server that stands in for them; left out where they are answered as the public one is. */
  readonly place?: string
}

/** The circumstances of one request. */
export interface Scene {
  /** The response's UUID, of the version that the vendor uses. */
  readonly id: string
  readonly random: Random
  readonly now: number
  readonly keyTail: string
  readonly model: string
  readonly stream: boolean
  readonly site: Site
  readonly switches: Switches
}

/** Values that go into a refusal's text. */
export type Details = Readonly<Record<string, string | number>>

/** A refusal, named: which recipe, with which details. What is no fault is about the request. */
export interface Refusal {
  readonly recipe: FaultKind | `request.${string}`
  readonly details: Details
}

/** A whole response that is not an answer. `type: null` sends no content-type, as DeepSeek's plain-text 401 does. */
export interface ErrorReply {
  readonly status: number
  readonly type: string | null
  readonly body: string
}

/** What is known of an account when its balance is asked. */
export interface Account {
  readonly balance: string
  readonly available: boolean
}

/** A rendered answer. */
export interface Rendering {
  readonly headers: Headers
  readonly steps: ReadonlyArray<Step>
}

/** How a vendor answers requests for embeddings. */
export interface Embeddings {
  /** The first rule that the request breaks. */
  check(request: EmbeddingRequest): Refusal | undefined
  /** The body of the answer. */
  render(request: EmbeddingRequest, scene: Scene, seed: number): Step
}

/** What a request is judged by besides itself. */
export interface Standard {
  readonly path: string
  readonly switches: Switches
  /** A recording names its model, so there is one, whatever the catalogue says. */
  readonly recorded: boolean
}

/** A vendor, playable. */
export interface Personality {
  readonly persona: Persona
  /** Its public base URL. */
  readonly baseUrl: string
  /** Its path below a server that stands in for it. */
  readonly place: string
  /** Where else it is reached. */
  readonly addresses?: ReadonlyArray<Addresses>
  /** The kinds of faults that this vendor has and not every other. */
  readonly own: ReadonlyArray<FaultKind>
  /** What it does and others do not, with sources. */
  readonly rules: ReadonlyArray<Rule>
  /** How it ends an answer that was judged unsafe half-way: with a finish reason, or with an error. */
  readonly inspects: "finish" | "error"
  /** The version digit of the vendor's UUIDs. */
  readonly idVersion: number
  /** The endpoint of a path below the vendor's base, or nothing. */
  endpoint(method: string, path: string): Endpoint | undefined
  /** Whether a key has the form that the vendor asks for before it looks it up. */
  wellFormed(key: string): boolean
  /** Whether the model reasons on this request. */
  thinks(request: ChatRequest): boolean
  /** The first rule that the request breaks. */
  check(request: ChatRequest, standard: Standard): Refusal | undefined
  /** The refusal of a body that is no request; `field` is empty when it is not even JSON. */
  unreadable(field: string): Refusal
  /** The bytes of a refusal. */
  refuse(refusal: Refusal, scene: Scene): ErrorReply
  /** Headers of a response of that content type. */
  headers(type: string | null, scene: Scene): Headers
  /** The answer as JSON or as a stream, as the request wants. */
  render(answer: Answer, request: ChatRequest, scene: Scene): Rendering
  /** Nothing where the vendor has none. */
  readonly embeddings?: Embeddings
  /** The body of a 200 with nothing in it. */
  nothing(scene: Scene): string
  /** Tokens that a model's context holds; undefined where there is none of that name. */
  contextOf(model: string): number | undefined
  /** The names that `GET /models` lists. */
  listed(catalogue: Catalogue): ReadonlyArray<string>
  /** Whether it answers a request for the model; some names are answered without being listed. */
  answers(catalogue: Catalogue, model: string): boolean
  /** The body of `GET /models`. */
  models(scene: Scene): string
  /** The body of `GET /user/balance`. */
  balance(account: Account): string
}
