/**
 * What a failed matcher says: a sentence, the run's timeline with its findings, and how to run it again. In the language of the
 * locale, as on the command line.
 */
import * as Library from "../library/Library.ts"
import type { Judged } from "../report/Judged.ts"
import * as Terminal from "../report/Terminal.ts"
import type { Sentence } from "../scenario/Sentence.ts"

const languageOf = ({ LANG, LC_ALL, LC_MESSAGES }: NodeJS.ProcessEnv): keyof Sentence =>
  (LC_ALL || LC_MESSAGES || LANG || "en").toLowerCase().startsWith("zh") ? "zh" : "en"

const again: Sentence = { en: "Run it again", zh: "重新运行" }

/** The call that makes the same run again: of a scenario that is not the library's, the test knows where it is. */
const rerun = ({ run: { runner, scenario, seed } }: Judged): string => {
  const isKnown = Library.all.some(({ name }) => name === scenario.name)
  const subject = isKnown ? `"${scenario.name}"` : "scenario"
  return `lab.run(${subject}, client, { runner: "${runner}", seed: ${seed} })`
}

/** A whole message. */
export const explain = (judged: Judged, sentence: Sentence): string => {
  const language = languageOf(process.env)
  return [sentence[language], Terminal.timeline(judged, { language }), `${again[language]}: ${rerun(judged)}`].join(
    "\n\n"
  )
}
