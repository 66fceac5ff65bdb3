/**
 * What the mocks' recipes mean for a client, in the words of the failover table: whose fault a failure is, and so what may
 * follow it. The recipe is the truth; status and body may mislead.
 */
import type { Attempt } from "../run/Run.ts"

/**
 * | meaning       | recipes                                      | what a client may do                                  |
 * | ------------- | -------------------------------------------- | ----------------------------------------------------- |
 * | `credentials` | `auth.*`                                     | another key                                           |
 * | `balance`     | `billing.*`                                  | a key of another account                              |
 * | `permission`  | `access.denied`                              | another key, for this model                           |
 * | `limit`       | `rate.*`, `billing.shrinking`                | wait, or a key of another account                     |
 * | `busy`        | overload, 5xx, pages of the network in front | ask again after a while, or another target            |
 * | `caller`      | `content.input`, most of `request.*`         | nothing: the request is wrong everywhere              |
 * | `unfit`       | model gone, context too long, mode           | another target                                        |
 */
export type Meaning = "credentials" | "balance" | "permission" | "limit" | "busy" | "caller" | "unfit"

const meanings: ReadonlyArray<readonly [Meaning, RegExp]> = [
  ["credentials", /^auth\./],
  ["permission", /^access\./],
  ["limit", /^(rate\.|billing\.shrinking$)/],
  ["balance", /^billing\./],
  ["unfit", /^(request\.(tooLong|thinking)$|model\.(gone|unsupported)$|mode\.)/],
  ["caller", /^(request\.|content\.input$)/],
  ["busy", /^(overload\.(?!queue)|model\.unavailable$|server\.|edge\.)/]
]

const known = new Map<string, Meaning | undefined>()

/** What a refusal means; nothing for answers, broken ones included, and for connections that failed. */
export const meaningOf = ({ recipe }: Attempt): Meaning | undefined => {
  if (!known.has(recipe)) known.set(recipe, meanings.find(([, pattern]) => pattern.test(recipe))?.[0])
  return known.get(recipe)
}

/** True for a refusal that ends only when somebody sees to the key or its account. */
export const isForGood = (attempt: Attempt): boolean => {
  const meaning = meaningOf(attempt)
  return meaning === "credentials" || meaning === "balance" || meaning === "permission"
}

/** True for a refusal that is about the request. */
export const isCallersFault = (attempt: Attempt): boolean => {
  const meaning = meaningOf(attempt)
  return meaning === "caller" || meaning === "unfit"
}

const unspoilt = new Map<string, boolean>()

const harmless = /^(answer|recording|slow\.(headers|firstToken|chunks)|overload\.queue|bytes\.sliced)$/

/** True when nothing was done to the text of an answer, only to its pace. */
export const isUnspoilt = ({ recipe }: Attempt): boolean => {
  const known = unspoilt.get(recipe)
  if (known !== undefined) return known
  const isHarmless = recipe.split("+").every((part) => harmless.test(part))
  unspoilt.set(recipe, isHarmless)
  return isHarmless
}

/** True for an answer with a status of success. */
export const isSuccess = ({ status }: Attempt): boolean => status >= 200 && status < 300

/** The finish reasons with which a vendor says that its answer is over on purpose, in any library's spelling. */
export const isFinish = (finish: string | undefined): boolean => finish === "stop" || isShortOnPurpose(finish)

/** Finish reasons that tell why an answer is shorter than it might be. */
export const isShortOnPurpose = (finish: string | undefined): boolean =>
  finish !== undefined && /^(length|tool[-_]calls|function[-_]call|content[-_]filter)$/.test(finish)

/** True when a client that passes on what it gets has got a whole answer. A stream is whole at its finish. */
export const isWhole = (attempt: Attempt): boolean =>
  isSuccess(attempt) &&
  isFinish(attempt.finish) &&
  (attempt.stream || attempt.end === "complete") &&
  (isUnspoilt(attempt) || isShortOnPurpose(attempt.finish))
