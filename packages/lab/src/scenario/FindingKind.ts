/**
 * What can be held against a client, and what a scenario may allow: the closed list of kinds.
 *
 * | kind                     | what the client did                                                            |
 * | ------------------------ | ------------------------------------------------------------------------------ |
 * | `low-availability`       | answered a smaller share of its calls than expected                            |
 * | `failed-while-healthy`   | failed a call although one path was healthy from its beginning to its end      |
 * | `too-slow`               | took longer for an answer than expected                                        |
 * | `truncated-accepted`     | took an answer that broke off for a whole one                                  |
 * | `spliced`                | mixed the texts of two answers into one, or gave a caller another's            |
 * | `key-reused`             | went on using a key that had been refused                                      |
 * | `key-not-restored`       | never came back to a key or vendor that was well again                         |
 * | `same-account-rotation`  | answered an account's limit or empty balance with another key of that account  |
 * | `retry-storm`            | made more attempts for one call than allowed                                   |
 * | `no-backoff`             | repeated at the same target at once                                            |
 * | `retry-after-ignored`    | asked an account again before the stated time                                  |
 * | `retried-caller-error`   | repeated a request that is the caller's own fault, or held it against a key    |
 * | `stall-undetected`       | waited for a silent attempt longer than allowed                                |
 * | `health-check-cost`      | checked the health of keys too often, or at a price                            |
 * | `double-billing`         | let two vendors finish, and bill, the same call                                |
 * | `leaked-upstream-error`  | showed its caller an upstream's credentials error, key tail or raw page        |
 * | `cancelled-left-running` | left a request running after its caller had gone                               |
 */

/** Every kind, in the order in which reports list them. */
export const findingKinds = [
  "low-availability",
  "failed-while-healthy",
  "too-slow",
  "truncated-accepted",
  "spliced",
  "key-reused",
  "key-not-restored",
  "same-account-rotation",
  "retry-storm",
  "no-backoff",
  "retry-after-ignored",
  "retried-caller-error",
  "stall-undetected",
  "health-check-cost",
  "double-billing",
  "leaked-upstream-error",
  "cancelled-left-running"
] as const

/** The name of a kind. */
export type FindingKind = (typeof findingKinds)[number]

/** Those that measure a client's waits: nobody can be judged by them where the run's clock was moved on and the client's was not. */
export const kindsOfTime: ReadonlyArray<FindingKind> = [
  "too-slow",
  "key-not-restored",
  "stall-undetected",
  "cancelled-left-running"
]
