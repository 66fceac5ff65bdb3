/** Who is logged in, and what they may do. */
import type { Answer } from "../api/Api.ts"

/** Somebody. */
export type Me = Answer<"GET", "/session">

/** What somebody may do. */
export type Scope = Me["scopes"][number]
