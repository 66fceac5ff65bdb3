/** What an agent said, and who really answered for it after what was tried. */
import { type ChatResponse, Trail } from "@understudy/chat-model/promise"

/** An agent's answer. */
export interface Said {
  readonly agent: string
  readonly response: ChatResponse.ChatResponse
}

/** One line of the report: `food: deepseek-flash (qwen/qwen3.8-flash Overloaded, ..., deepseek/deepseek-flash ok)`. */
export const toLine = ({ agent, response: { metadata } }: Said): string => {
  const trail = metadata.trail.map((attempt) => `${attempt.provider}/${attempt.model} ${Trail.outcomeOf(attempt)}`)
  return `${agent}: ${metadata.model} (${trail.join(", ")})`
}

/** What the critic is asked. */
export const toReview = (answers: ReadonlyArray<Said>): string =>
  ["Which of these is weakest, and why?", ...answers.map(({ agent, response }) => `${agent}: ${response.text}`)].join(
    "\n"
  )
