/**
 * What a failed check says: a sentence, the run's timeline with its findings, and how to run it again. In the language of the
 * locale, as on the command line.
 */
import * as Library from "../library/Library.ts"
import type { Judged } from "../report/Judged.ts"
import * as Terminal from "../report/Terminal.ts"
import type { Sentence } from "../scenario/Sentence.ts"

const languageOf = ({ LANG, LC_ALL, LC_MESSAGES }: NodeJS.ProcessEnv): keyof Sentence =>
  (LC_ALL || LC_MESSAGES || LANG || "en").toLowerCase().startsWith("zh") ? "zh" : "en"

const again: Sentence = { en: "Run it again", zh: "重新运行" }

/** How a test makes a run: the call that makes the same one again. */
type Rerun = (subject: string, manner: string) => string

/** With vitest's fixture. */
export const byFixture: Rerun = (subject, manner) => `lab.run(${subject}, client, { ${manner} })`

/** With `Lab`. */
export const byLab: Rerun = (subject, manner) => `Lab.run(${subject}, { client, ${manner} })`

const rerun = ({ run: { runner, scenario, seed } }: Judged, by: Rerun): string => {
  // Of a scenario that is not the library's, the test knows where it is.
  const isKnown = Library.all.some(({ name }) => name === scenario.name)
  return by(isKnown ? `"${scenario.name}"` : "scenario", `runner: "${runner}", seed: ${seed}`)
}

/** A whole message. */
export const explain = (judged: Judged, sentence: Sentence, by: Rerun): string => {
  const language = languageOf(process.env)
  const next = `${again[language]}: ${rerun(judged, by)}`
  return [sentence[language], Terminal.timeline(judged, { language }), next].join("\n\n")
}
