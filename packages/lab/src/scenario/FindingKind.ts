/**
 * What can be held against a client, and what a scenario may allow: the closed list of kinds.
 *
 * | kind                     | weighs | what the client did                                                            |
 * | ------------------------ | ------ | ------------------------------------------------------------------------------ |
 * | `low-availability`       | fails  | answered a smaller share of its calls than expected                            |
 * | `failed-while-healthy`   | fails  | failed a call although one path was healthy from its beginning to its end      |
 * | `too-slow`               | fails  | took longer for an answer than expected                                        |
 * | `made-up-answer`         | fails  | gave its caller a text that no vendor sent                                     |
 * | `garbled-answer`         | fails  | gave its caller an answer with holes, doubled pieces or broken characters      |
 * | `truncated-accepted`     | fails  | took an answer that broke off for a whole one                                  |
 * | `spliced`                | fails  | mixed the texts of two answers into one, or gave a caller another's            |
 * | `key-reused`             | fails  | went on using a key that had been refused                                      |
 * | `key-not-restored`       | fails  | never came back to a key or vendor that was well again                         |
 * | `same-account-rotation`  | fails  | answered an account's limit or empty balance with another key of that account  |
 * | `retry-storm`            | fails  | made more attempts for one call than allowed                                   |
 * | `no-backoff`             | fails  | repeated at the same target at once                                            |
 * | `retry-after-ignored`    | fails  | asked an account again before the stated time                                  |
 * | `retried-caller-error`   | fails  | repeated a request that is the caller's own fault, or held it against a key    |
 * | `stall-undetected`       | fails  | waited for a silent attempt longer than allowed                                |
 * | `health-check-cost`      | fails  | checked the health of keys too often, or at a price                            |
 * | `double-billing`         | fails  | let two vendors finish, and bill, the same call                                |
 * | `leaked-upstream-error`  | fails  | showed its caller an upstream's credentials error, key tail or raw page        |
 * | `cancelled-left-running` | fails  | left a request running after its caller had gone                               |
 * | `left-running`           | fails  | left a request running after its call had ended                                |
 * | `dead-target-asked`      | fails  | let every call of an outage wait at the target that was known to be down       |
 * | `wrong-request`          | fails  | sent a vendor other messages than its caller wrote, or asked for another model |
 * | `key-disclosed`          | fails  | sent a key to another vendor, or put one into a prompt, a header or its log    |
 * | `tool-run-twice`         | fails  | ran its caller's tool more than once for one answer                            |
 * | `late-first-content`     | warns  | held a stream back until it was over                                           |
 * | `context-fallback-too-small` | warns | fell back on a model that the request is too long for                        |
 *
 * A finding that `fails` fails the run; one that `warns` is worth a look and legitimate in some designs; one that `notes`
 * says what could not be seen. A rule may weigh a single finding less than its kind.
 */

/** How much a finding weighs, heaviest first. */
export const severities = ["fails", "warns", "notes"] as const

/** How much a finding weighs. */
export type Severity = (typeof severities)[number]

/** What is known of a kind. */
interface Traits {
  readonly severity: Severity
  /** Whether it measures the client's waits: nobody can be judged by it where the run's clock was moved on and the client's was not. */
  readonly timed: boolean
}

const fails: Traits = { severity: "fails", timed: false }
const failsInTime: Traits = { severity: "fails", timed: true }

const warns: Traits = { severity: "warns", timed: false }

/** Every kind by its name, in the order in which reports list them. */
export const findings = {
  "low-availability": fails,
  "failed-while-healthy": fails,
  "too-slow": failsInTime,
  "made-up-answer": fails,
  "garbled-answer": fails,
  "truncated-accepted": fails,
  spliced: fails,
  "key-reused": fails,
  "key-not-restored": failsInTime,
  "same-account-rotation": fails,
  "retry-storm": fails,
  "no-backoff": fails,
  "retry-after-ignored": fails,
  "retried-caller-error": fails,
  "stall-undetected": failsInTime,
  "health-check-cost": fails,
  "double-billing": fails,
  "leaked-upstream-error": fails,
  "cancelled-left-running": failsInTime,
  "left-running": failsInTime,
  "dead-target-asked": failsInTime,
  "wrong-request": fails,
  "key-disclosed": fails,
  "tool-run-twice": fails,
  "late-first-content": warns,
  "context-fallback-too-small": warns
} as const satisfies Record<string, Traits>

/** The name of a kind. */
export type FindingKind = keyof typeof findings

/** Every kind, in the order in which reports list them. */
export const findingKinds = Object.keys(findings) as ReadonlyArray<FindingKind>
