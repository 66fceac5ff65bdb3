/** A broken promise: which invariant of the specification (1 to 9), what was seen, when and in whose call. */

/** The nine invariants, in a few words each. */
export const invariants = {
  1: "a call succeeds while a healthy path exists",
  2: "one answer, delivered once, never mixed",
  3: "a key that is out sees no traffic",
  4: "a caller's own fault changes nothing",
  5: "attempts and probes are bounded",
  6: "what has recovered is used again",
  7: "no call outlives its deadline, nothing stays open",
  8: "the same seed gives the same trail, and the trail tells the truth",
  9: "no secret is shown"
} as const

/** The number of an invariant. */
export type Invariant = keyof typeof invariants

/** One violation. */
export interface Violation {
  readonly invariant: Invariant
  readonly message: string
  readonly at: number
  readonly call?: string | undefined
}

/** One line for a person. */
export const toLine = ({ at, call, invariant, message }: Violation): string =>
  `[${invariant}] ${invariants[invariant]}: ${message} (at ${at} ms${call === undefined ? "" : `, ${call}`})`
