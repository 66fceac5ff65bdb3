/**
 * Time limits of attempts and calls, in milliseconds.
 *
 * | phase          | runs from           | ends at                                             | default |
 * | -------------- | ------------------- | --------------------------------------------------- | ------- |
 * | `connect`      | the attempt's start | the connection stands                               | 5 s     |
 * | `firstContent` | the attempt's start | the first content of a stream                       | 10 s while another target could answer |
 * | `idle`         | a content chunk     | the next content chunk                              | 20 s    |
 * | `answer`       | the attempt's start | the whole JSON answer                               | 2 min while another target could answer |
 * | `total`        | the call's start    | the call's end                                      | 10 min  |
 *
 * With nowhere to go, leaving a slow target gains nothing: only `total` limits it then, unless the configuration says
 * otherwise.
 */
import type { AttemptDeadlines } from "../../provider/Provider.ts"

/** The limits of one attempt. */
export interface Limits {
  readonly connect: number
  readonly firstContent: number
  readonly idle: number
  readonly answer: number
}

/** Default of `total`. */
export const defaultTotal = 600_000

/** Default of `waitUpTo`: the model that was asked for, a little late, beats another one at once. */
export const defaultWaitUpTo = 3_000

/** Default of `waitAlone`: a caller who would wait longer is told so, and can decide. */
export const defaultWaitAlone = 10_000

/** The limits of an attempt, given what is configured and whether another target could still answer. */
export const resolve = (configured: AttemptDeadlines, hasNext: boolean): Limits => ({
  connect: configured.connect ?? 5_000,
  firstContent: configured.firstContent ?? (hasNext ? 10_000 : Number.POSITIVE_INFINITY),
  idle: configured.idle ?? 20_000,
  answer: configured.answer ?? (hasNext ? 120_000 : Number.POSITIVE_INFINITY)
})
