/** What the request log's thread is asked, and answers. */
import type { Filter, Names, Row, Stored } from "./Rows.ts"

/** Something to do; `seq` names its answer. */
export type Task =
  | { readonly _tag: "Insert"; readonly rows: ReadonlyArray<Row> }
  | { readonly _tag: "Page"; readonly filter: Filter; readonly limit: number }
  | { readonly _tag: "Find"; readonly id: number }
  | { readonly _tag: "Names" }
  | { readonly _tag: "Trim"; readonly since: number; readonly maxBytes: number }

/** What each task gives. */
export interface Results {
  readonly Insert: undefined
  readonly Page: ReadonlyArray<Stored>
  readonly Find: Stored | undefined
  readonly Names: Names
  readonly Trim: undefined
}

/** A task on its way there. */
export interface Asked {
  readonly seq: number
  readonly task: Task
}

/** Its answer on the way back; `error` in words where it failed. */
export interface Answered {
  readonly seq: number
  readonly value?: unknown
  readonly error?: string
}
