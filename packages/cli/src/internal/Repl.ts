/**
 * A conversation at the terminal, or from a pipe: one line a question. Ctrl-C breaks off an answer; without one, and with
 * Ctrl-D, the conversation ends.
 */
import { createInterface, type Interface } from "node:readline"
import type { FailoverError } from "@understudy/core/failure/FailoverError"
import * as Attempts from "@understudy/core/failure/Trail"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import type { Messages } from "../Messages.ts"
import type { Conversation } from "./Conversation.ts"
import * as Output from "./Output.ts"
import * as Style from "./Style.ts"

/** What a call's failure means, and what to do. */
export type Explain = (error: FailoverError) => string

type Lines = Queue.Queue<string, Cause.Done>

const openTerminal = (prompt: string, lines: Lines, onInterrupt: () => void): Interface => {
  // On a terminal the arrow keys bring back what was asked.
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt,
    historySize: 200,
    removeHistoryDuplicates: true
  })
  terminal.on("line", (line) => void Queue.offerUnsafe(lines, line))
  terminal.on("close", () => void Queue.endUnsafe(lines))
  terminal.on("SIGINT", onInterrupt)
  return terminal
}

/** Answers a line that starts with a slash; false ends the conversation. */
const command = Effect.fnUntraced(function* (messages: Messages, conversation: Conversation, line: string) {
  const [name = "", argument] = line.split(/\s+/)
  const { chat } = messages
  if (name === "/exit" || name === "/quit") return false
  if (name === "/model") {
    if (argument !== undefined) conversation.model = argument
    yield* Output.tell(argument === undefined ? chat.modelUsage : chat.model(argument))
  } else if (name === "/trail") {
    const trail = conversation.trail()
    yield* Output.tell(trail.length === 0 ? chat.noTrail : Attempts.toLine(trail).replaceAll(", ", "\n"))
  } else if (name === "/help" || name === "/?") {
    yield* Output.tell(...chat.help)
  } else {
    yield* Output.tell(chat.unknown(name))
  }
  return true
})

const ask = (messages: Messages, conversation: Conversation, question: string, explain: Explain): Effect.Effect<void> =>
  conversation.ask(question).pipe(
    Effect.catchTag("FailoverError", (error) =>
      Output.tell(`${Style.forStream(process.stderr).red(messages.common.error)} ${explain(error)}`)
    ),
    Effect.onInterrupt(() => Output.tell(messages.chat.cancelled))
  )

/** Talks until the lines end. */
export const run = Effect.fnUntraced(function* (messages: Messages, conversation: Conversation, explain: Explain) {
  const lines = yield* Queue.unbounded<string, Cause.Done>()
  const interactive = process.stdin.isTTY === true
  const style = Style.forStream(process.stdout)
  let answering: Fiber.Fiber<void> | undefined
  const onInterrupt = (): void => {
    if (answering === undefined) terminal.close()
    else answering.interruptUnsafe()
  }
  const prompt = interactive ? `${style.cyan(messages.chat.you)} › ` : ""
  const terminal = openTerminal(prompt, lines, onInterrupt)
  yield* Effect.addFinalizer(() => Effect.sync(() => terminal.close()))
  if (interactive) yield* Output.tell(style.dim(messages.chat.welcome(conversation.model)))
  while (true) {
    if (interactive) terminal.prompt()
    const line = yield* Queue.take(lines).pipe(Effect.catchTag("Done", () => Effect.undefined))
    if (line === undefined) return yield* interactive ? Output.print("") : Effect.void
    const text = line.trim()
    if (text.startsWith("/")) {
      if (!(yield* command(messages, conversation, text))) return
    } else if (text !== "") {
      answering = yield* Effect.forkChild(ask(messages, conversation, text, explain))
      yield* Fiber.await(answering)
      answering = undefined
    }
  }
}, Effect.scoped)
