/** Tells what is wrong with an answer: a fast wrong answer must fail the run, not win it. */
import { answerTo, isStreamed, type Kind, model, short } from "./Payload.ts"

const done = Buffer.from("data: [DONE]\n\n")
const modelField = Buffer.from(`"model":${JSON.stringify(model)}`)

const flawOfStream = (body: Buffer, frames: number): string | undefined => {
  if (!body.subarray(-done.length).equals(done)) return `a stream that ends in ${JSON.stringify(tail(body))}`
  let models = 0
  for (let at = body.indexOf(modelField); at !== -1; at = body.indexOf(modelField, at + 1)) models++
  return models === frames ? undefined : `${models} frames of ${model} instead of ${frames}`
}

const flawOfJson = (body: Buffer, text: string): string | undefined => {
  const answer = JSON.parse(body.toString("utf8"))
  if (answer.model !== model) return `an answer of ${answer.model} instead of ${model}`
  return answer.choices[0].message.content === text ? undefined : "an answer with another text"
}

const tail = (body: Buffer): string => body.subarray(-80).toString("utf8")

/** What is wrong with a response; undefined when it is right. */
export const flawOf = (kind: Kind, status: number, body: Buffer): string | undefined => {
  if (status !== 200) return `status ${status}: ${body.subarray(0, 300).toString("utf8")}`
  const { frames, text } = answerTo(kind)
  return isStreamed(kind) ? flawOfStream(body, frames) : flawOfJson(body, text)
}

/** Throws unless the text of a short answer is the expected one. */
export const expectText = (got: string | null | undefined): void => {
  if (got !== short.text) throw new Error(`a wrong answer: ${JSON.stringify(got?.slice(0, 80))}`)
}
