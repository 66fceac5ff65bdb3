/** A file that should hold a cassette, and does not. */
import { TaggedError } from "@understudy/core/failure/TaggedError"

/** Why a cassette cannot be read. */
export type CassetteReason =
  | { readonly _tag: "Unreadable"; readonly why: string }
  | { readonly _tag: "NotJson"; readonly why: string }
  | { readonly _tag: "NotACassette" }
  | { readonly _tag: "OtherVersion"; readonly version: unknown }
  | { readonly _tag: "Damaged"; readonly why: string }

const describe = (reason: CassetteReason): string => {
  switch (reason._tag) {
    case "Unreadable":
      return `cannot be read (${reason.why}): name a file that \`understudy lab record\` wrote`
    case "NotJson":
      return `is not JSON (${reason.why}): name a file that \`understudy lab record\` wrote`
    case "NotACassette":
      return 'is JSON, but no cassette: its "format" would be "understudy-cassette"'
    case "OtherVersion":
      return `is a cassette of version ${JSON.stringify(reason.version)}, and this release reads version 1: record again`
    case "Damaged":
      return `is a cassette whose content does not fit: ${reason.why}`
  }
}

/** The error of reading a cassette. */
export class CassetteError extends TaggedError("CassetteError")<{
  /** The file, or where else the text came from. */
  readonly source: string
  readonly reason: CassetteReason
}> {
  override get message(): string {
    return `${this.source} ${describe(this.reason)}`
  }
}
