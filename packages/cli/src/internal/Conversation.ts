/**
 * A conversation with a model over the failover core: keeps what was said, writes the answer as it comes, and tells who
 * gave it after which attempts.
 *
 * The answer goes to standard output; reasoning, the trail and everything else to standard error, so that a pipe gets the
 * answer alone.
 */

import { Failover, type Sink } from "@understudy/core/failover/Failover"
import type { FailoverError } from "@understudy/core/failure/FailoverError"
import type { Trail } from "@understudy/core/failure/Trail"
import * as Attempts from "@understudy/core/failure/Trail"
import type { ChatCompletionChunk, ChatMessage } from "@understudy/core/wire/ChatCompletion"
import * as Effect from "effect/Effect"
import type { Messages } from "../Messages.ts"
import * as Mocked from "./Mocked.ts"
import * as Style from "./Style.ts"
import type { Waiting } from "./Waiting.ts"

/** A conversation. */
export interface Conversation {
  /** The model that is asked; may be changed between questions. */
  model: string
  readonly trail: () => Trail
  /** Asks, writes the answer, and remembers both; a question without an answer is forgotten. */
  readonly ask: (question: string) => Effect.Effect<void, FailoverError>
}

/** Where an answer goes, piece by piece. */
interface Screen {
  readonly sink: Sink
  readonly said: () => string
  readonly answeredBy: () => string | undefined
  readonly end: () => void
}

const makeScreen = (waiting: Waiting): Screen => {
  const style = Style.forStream(process.stderr)
  let [said, reasoned] = ["", ""]
  let answeredBy: string | undefined
  const write = (chunk: ChatCompletionChunk): void => {
    if (typeof chunk.model === "string" && chunk.model !== "") answeredBy = chunk.model
    const delta = chunk.choices?.[0]?.delta
    const reasoning = delta?.reasoning_content ?? delta?.reasoning ?? ""
    const content = delta?.content ?? ""
    if (reasoning !== "" || content !== "") waiting.end()
    if (reasoning !== "") process.stderr.write(style.dim(reasoning))
    if (content !== "" && said === "" && reasoned !== "") process.stderr.write("\n\n")
    if (content !== "") process.stdout.write(content)
    reasoned += reasoning
    said += content
  }
  return {
    sink: { begin: () => {}, write: ({ chunks }) => chunks.forEach(write) },
    said: () => said,
    answeredBy: () => answeredBy,
    end: () => {
      if (said !== "" && !said.endsWith("\n")) process.stdout.write("\n")
      else if (said === "" && reasoned !== "") process.stderr.write("\n")
    }
  }
}

interface Answered {
  readonly by: string
  readonly isMock: boolean
}

const tellTrail = ({ chat }: Messages, trail: Trail, answered: Answered | undefined): void => {
  const style = Style.forStream(process.stderr)
  const who = answered === undefined ? "" : answered.isMock ? chat.mocked(answered.by) : chat.answered(answered.by)
  const parts = [Attempts.toLine(trail), who]
  const line = parts.filter((part) => part !== "").join("  ")
  if (line !== "") process.stderr.write(`${style.dim(`— ${line}`)}\n`)
}

/** Begins a conversation. */
export const make = Effect.fnUntraced(function* (messages: Messages, model: string, waiting: Waiting) {
  const failover = yield* Failover
  const isMocked = Mocked.make()
  const history: Array<ChatMessage> = []
  let trail: Trail = []
  const conversation: Conversation = {
    model,
    trail: () => trail,
    ask: Effect.fnUntraced(function* (question) {
      const screen = makeScreen(waiting)
      waiting.begin()
      const asked: ReadonlyArray<ChatMessage> = [...history, { role: "user", content: question }]
      const request = { model: conversation.model, messages: asked, stream: true }
      const report = yield* failover.stream({ request }, screen.sink).pipe(
        Effect.ensuring(Effect.sync(waiting.end)),
        Effect.ensuring(Effect.sync(screen.end)),
        Effect.tapError((error) =>
          Effect.sync(() => {
            trail = error.trail
            tellTrail(messages, trail, undefined)
          })
        )
      )
      trail = report.trail
      history.splice(0, history.length, ...asked, { role: "assistant", content: screen.said() })
      const by = screen.answeredBy()
      const isMock = yield* isMocked(waiting.server())
      tellTrail(messages, trail, by === undefined ? undefined : { by, isMock })
    })
  }
  return conversation
})
