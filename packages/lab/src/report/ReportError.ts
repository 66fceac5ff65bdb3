/** A file that should hold a JSON report of the lab, and does not. */
import { TaggedError } from "@understudy/core/failure/TaggedError"

/** Why a report cannot be read. */
export type ReportReason =
  | { readonly _tag: "NotJson"; readonly why: string }
  | { readonly _tag: "NotAReport" }
  | { readonly _tag: "OtherVersion"; readonly version: unknown }
  | { readonly _tag: "Damaged"; readonly why: string }

const describe = (reason: ReportReason): string => {
  switch (reason._tag) {
    case "NotJson":
      return `is not JSON (${reason.why}): name a JSON report that \`understudy lab run\` wrote`
    case "NotAReport":
      return 'is JSON, but no report of the lab: its "format" would be "understudy-lab"'
    case "OtherVersion":
      return `is a report of version ${JSON.stringify(reason.version)}, and this release reads version 2: run the scenario again to write a new one`
    case "Damaged":
      return `is a report whose content does not fit: ${reason.why}`
  }
}

/** The error of reading a report. */
export class ReportError extends TaggedError("ReportError")<{
  /** The file, or where else the text came from. */
  readonly source: string
  readonly reason: ReportReason
}> {
  override get message(): string {
    return `${this.source} ${describe(this.reason)}`
  }
}
