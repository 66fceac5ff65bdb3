/**
 * A vendor as everybody may know it: how it is called, where its keys are made, which of its models stands in for others. How
 * it speaks is its dialect, and known to nobody above the providers.
 *
 * @see Vendors for the list
 */
import type { Dialect } from "../../provider/Dialect.ts"
import type { Offers } from "./Offer.ts"

/** A service that sells answers: what a person has to be told to use it. */
export interface Service {
  /** Its name for people, in English and Chinese. */
  readonly label: Readonly<Record<"en" | "zh", string>>
  /** Where its keys are made. */
  readonly console: string
  /** The environment variable with its keys, comma-separated. */
  readonly variable: string
  /** The environment variable with another address. */
  readonly urlVariable: string
  /** The model that stands in where another vendor's cannot answer. */
  readonly model: string
  /** Routes of its models in a new configuration: what their names begin with, by the route's name. */
  readonly families: Readonly<Record<string, string>>
  /** What the names of its models for embeddings begin with; undefined where it has none. */
  readonly vectors?: string
}

/** A vendor; `Options` are the fields of a request that it has and others have not. */
export interface Vendor<Options extends object = Readonly<Record<string, unknown>>> {
  readonly dialect: Dialect<Options>
  /** Undefined where every user has a server of their own. */
  readonly service: Service | undefined
  /** What its models hold and cost. */
  readonly offers: Offers
}
