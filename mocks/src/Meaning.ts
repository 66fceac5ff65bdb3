/**
 * What a fault means for whoever meets it: whom it is about, whether it passes, and what is left of the answer. A fact about
 * the fault, as the vendors tell it; never what some client makes of it, and whatever status and body pretend.
 *
 * | meaning       | what is wrong                                          | what helps                                 |
 * | ------------- | ------------------------------------------------------ | ------------------------------------------ |
 * | `credentials` | the key is wrong, or none at all                       | another key                                |
 * | `balance`     | the account's money or free quota is used up           | a key of another account                   |
 * | `permission`  | the account may not use the model                      | a key of another account, for this model   |
 * | `limit`       | the account has had its share for now                  | a wait, or a key of another account        |
 * | `busy`        | the target, or the network in front of it, fails       | to ask again after a while, or elsewhere   |
 * | `unreachable` | the connection ends before a status line               | to ask again, or elsewhere                 |
 * | `caller`      | the request is wrong everywhere                        | nothing                                    |
 * | `unfit`       | this target does not take such a request               | another target                             |
 * | `gone`        | this target does not have the model                    | another target                             |
 * | `censored`    | the vendor holds back what the model says              | nothing: asking elsewhere is the caller's  |
 * | `broken`      | the answer is not whole                                | to ask again, while nothing was passed on  |
 * | `silent`      | nothing more comes, and the connection stays open      | to leave                                   |
 * | `queued`      | keep-alives come for a while, and then the answer      | to leave, when it takes too long           |
 * | `late`        | the answer is whole and takes its time                 | to leave, when it takes too long           |
 * | `harmless`    | the answer is whole and comes as usual                 | nothing has to                             |
 */

/** What is so whenever a fault means this. */
export interface Traits {
  /** Whom it is about: anybody else can go on. */
  readonly about: "key" | "account" | "target" | "model" | "request" | "answer"
  /** Whether it is so until somebody sees to it. */
  readonly lasts: boolean
  /** What there is of the answer. */
  readonly answer: "none" | "broken" | "late" | "whole"
}

const traits = (about: Traits["about"], answer: Traits["answer"] = "none", lasts = false): Traits => ({
  about,
  lasts,
  answer
})

/** Every meaning by its name. */
export const meanings = {
  credentials: traits("key", "none", true),
  balance: traits("account", "none", true),
  permission: traits("account", "none", true),
  limit: traits("account"),
  busy: traits("target"),
  unreachable: traits("target"),
  caller: traits("request", "none", true),
  unfit: traits("request", "none", true),
  gone: traits("model", "none", true),
  censored: traits("answer", "broken"),
  broken: traits("answer", "broken"),
  silent: traits("target", "broken"),
  queued: traits("target", "late"),
  late: traits("target", "late"),
  harmless: traits("answer", "whole")
} as const satisfies Record<string, Traits>

/** The name of a meaning. */
export type Meaning = keyof typeof meanings

/** Whether an answer is whole in the end. */
export const isWhole = (meaning: Meaning): boolean => {
  const { answer }: Traits = meanings[meaning]
  return answer === "whole" || answer === "late"
}
