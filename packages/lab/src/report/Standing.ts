/**
 * How a run stands, in one word: what reports mark and count it by.
 *
 * | standing | what came of it                                              |
 * | -------- | ------------------------------------------------------------ |
 * | `passed` | nothing fails, and nothing warns                             |
 * | `warned` | passed, with something that is worth a look                  |
 * | `failed` | something is held against the client                         |
 * | `error`  | the run shows nothing: no verdict                            |
 */
import type { Verdict } from "../verdict/Verdict.ts"
import * as Format from "./internal/Format.ts"
import type { Judged } from "./Judged.ts"
import type { Text } from "./Text.ts"

/** How a run stands. */
export type Standing = "passed" | "warned" | "failed" | "error"

/** How a verdict stands. */
export const of = ({ error, findings, passed }: Verdict): Standing => {
  if (error !== undefined) return "error"
  if (!passed) return "failed"
  return findings.some(({ severity }) => severity === "warns") ? "warned" : "passed"
}

/** How many passed, failed, and came to no verdict, in words. */
export const counted = (text: Text, list: ReadonlyArray<Judged>): string => {
  const count = (...wanted: ReadonlyArray<Standing>): string =>
    Format.count(list.filter(({ verdict }) => wanted.includes(of(verdict))).length)
  return text.counted(count("passed", "warned"), count("failed"), count("error"))
}
