/** The glyphs of the terminal's timeline: every outcome differs in shape, not only in colour. */
import type { Outcome } from "../../run/Run.ts"
import type { Severity } from "../../scenario/FindingKind.ts"
import type { Standing } from "../Standing.ts"
import type { AttemptOutcome } from "../Timeline.ts"
import type { Ink } from "./Canvas.ts"

/** One set of glyphs. */
export interface Glyphs {
  readonly outcomes: Readonly<Record<AttemptOutcome | Outcome, string>>
  /** Answers of one column in growing numbers; the first stands for one. */
  readonly levels: readonly [string, string, string, string, string]
  readonly unwell: string
  readonly fault: string
  readonly border: string
  readonly standings: Readonly<Record<Standing, string>>
  readonly flag: string
  readonly dot: string
}

/** For terminals with Unicode. */
export const unicode: Glyphs = {
  outcomes: {
    answered: "▪",
    refused: "⊘",
    failed: "✗",
    stalled: "~",
    cancelled: "/",
    probe: "▫",
    left: "/",
    unfinished: "~",
    unknown: "?"
  },
  levels: ["▪", "▂", "▄", "▆", "█"],
  unwell: "░",
  fault: "━",
  border: "│",
  standings: { passed: "✓", warned: "!", failed: "✗", error: "?" },
  flag: "▲",
  dot: "·"
}

/** For everything else. */
export const ascii: Glyphs = {
  outcomes: {
    answered: "o",
    refused: "-",
    failed: "x",
    stalled: "~",
    cancelled: "/",
    probe: "+",
    left: "/",
    unfinished: "~",
    unknown: "?"
  },
  levels: ["o", ".", ":", "#", "@"],
  unwell: "_",
  fault: "=",
  border: "|",
  standings: { passed: "ok", warned: "!", failed: "x", error: "?" },
  flag: "^",
  dot: "-"
}

/** The colours of outcomes. */
export const inks: Readonly<Record<AttemptOutcome | Outcome, Ink>> = {
  answered: "green",
  refused: "yellow",
  failed: "red",
  stalled: "yellow",
  cancelled: "dim",
  probe: "cyan",
  left: "dim",
  unfinished: "red",
  unknown: "dim"
}

/** The colours of standings. */
export const standingInks: Readonly<Record<Standing, Ink>> = {
  passed: "green",
  warned: "yellow",
  failed: "red",
  error: "red"
}

/** The colours of findings. */
export const severityInks: Readonly<Record<Severity, Ink>> = { fails: "red", warns: "yellow", notes: "dim" }

/** What is seen of several marks in one cell: the first of this list. */
export const precedence: ReadonlyArray<AttemptOutcome | Outcome> = [
  "failed",
  "unfinished",
  "stalled",
  "refused",
  "cancelled",
  "left",
  "probe",
  "unknown",
  "answered"
]
