/**
 * What is wrong with a scenario: every problem at once, each with its place, the offending value (never a key's) and the
 * way out.
 */

import { type Issue, toLine } from "@understudy/core/config/ConfigError"
import { TaggedError } from "@understudy/core/failure/TaggedError"

export { type Issue, type Path, toLine } from "@understudy/core/config/ConfigError"

/** How many problems the message tells. */
const most = 100

/** A scenario that cannot be played. */
export class ScenarioError extends TaggedError("ScenarioError")<{
  /** The file, or what else the scenario came from. */
  readonly source: string
  readonly issues: ReadonlyArray<Issue>
}> {
  override get message(): string {
    const count = this.issues.length === 1 ? "1 problem" : `${this.issues.length} problems`
    const lines = this.issues.slice(0, most).map((issue) => `  ${toLine(this.source, issue)}`)
    const others = this.issues.length - most
    return [`${this.source}: ${count}`, ...lines, ...(others > 0 ? [`  … and ${others} more`] : [])].join("\n")
  }
}
