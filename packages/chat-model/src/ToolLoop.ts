/**
 * Answers a prompt with tools: asks the model, runs the tools that it calls, tells it the results, and so on until it
 * answers without calling any. The parts of every turn are streamed as they come, the tools' results among them.
 *
 * It stands on anything that turns a prompt into parts (`ChatModel.stream`, or a chain of advisors in front of it), so keys,
 * failover and deadlines of a turn are below it, and advisors may be on either side.
 *
 * **Details**
 *
 * - Tools run only after their turn has finished with `tool-calls`: a turn that fails over has run none, one that breaks
 *   fails the run and has run none, and one that was cut (`length`, `content-filter`) is handed over as it is.
 * - Each call has an `id` that no other of the conversation has, whatever the vendor sent: ids that it begins anew in each
 *   answer are new calls. The same call under the same id twice in one answer is one call.
 * - Up to `concurrency` calls run at once; results keep the order of the calls. Ending the stream interrupts them.
 * - Whatever fails in a call is told to the model, which may correct itself. `failure: "error"` fails the run.
 * - A defect in a handler that gives an Effect, and an interruption from inside of it, is no failure: it is logged, told to
 *   nobody, and ends the run as it ends every Effect. What is thrown or rejected in plain TypeScript is a failure.
 * - What goes back to the model can be sent to every vendor: arguments that are no JSON object become `{}`, with the model's
 *   text in the call's answer; a name that no tool can have is made one that vendors take.
 * - `toolChoice` holds for the first turn. A model that had to call a tool in every turn would never come to an end.
 * - Reasoning goes back with the calls that it led to: vendors demand it there.
 *
 * **Gotchas**
 *
 * - The loop's tools take the place of `options.tools`. Without any the prompt is asked as it is, once.
 * - The error of a later turn may be retryable; running the whole prompt again would run its tools again.
 * - An id that was made unique shows in `tool-call` and after; the deltas before carry the vendor's.
 *
 * **Example** (A question that needs a tool)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import { ChatModel, ChatResponse, Prompt, Tool, ToolLoop } from "@understudy/chat-model"
 *
 * const weather = Tool.make({
 *   name: "weather",
 *   description: "The weather in a city",
 *   parameters: Schema.Struct({ city: Schema.String }),
 *   handler: ({ city }) => ({ city, celsius: 21 })
 * })
 *
 * const program = Effect.gen(function* () {
 *   const model = yield* ChatModel.ChatModel
 *   const parts = ToolLoop.run(model.stream, Prompt.make("How is the weather in Hangzhou?"), [weather])
 *   const response = yield* ChatResponse.fromStream(parts)
 *   return response.text
 * })
 * ```
 *
 * @see Tool.make
 */
import { ToolArguments } from "@understudy/core/wire/Wire"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { ChatModelError } from "./ChatModelError.ts"
import * as ChatOptions from "./ChatOptions.ts"
import type { ChatPart, Finish, ToolResultPart, TurnEnd } from "./ChatPart.ts"
import { ToolLedger } from "./internal/tools/ToolLedger.ts"
import * as ToolRun from "./internal/tools/ToolRun.ts"
import { type Spent, Turn } from "./internal/tools/ToolTurn.ts"
import * as Message from "./Message.ts"
import * as Prompt from "./Prompt.ts"
import type * as Tool from "./Tool.ts"
import * as ToolCall from "./ToolCall.ts"
import * as ToolError from "./ToolError.ts"

/** How the tools are run. */
export interface Options {
  /** How many calls of one turn run at once. Default: 4. */
  readonly concurrency?: number | undefined
  /** How often the model is asked at most. Default: 10. */
  readonly maxTurns?: number | undefined
  /**
   * When the model still calls tools in its last turn: `error` fails with `TurnLimit`; `answer` does not let it call any in
   * that turn, so that it says what it knows. Default: `error`.
   */
  readonly onTurnLimit?: "error" | "answer" | undefined
  /** What becomes of a call that fails: `return` tells the model, `error` fails the run. Default: `return`. */
  readonly failure?: "return" | "error" | undefined
  /** Asked before each call, and before the tool's own approval. */
  readonly approval?: Tool.Approval | undefined
}

/** Turns a prompt into the parts of an answer; `E` is what may fail beside the model. */
export type Next<E = never> = (prompt: Prompt.Prompt) => Stream.Stream<ChatPart, ChatModelError | E>

type Parts<E> = Stream.Stream<ChatPart, ChatModelError | ToolError.ToolError | E>

/** The options with their defaults. */
type Filled = { readonly [Name in Exclude<keyof Options, "approval">]-?: NonNullable<Options[Name]> } & Pick<
  Options,
  "approval"
>

/** One run of the loop. */
class Loop<E> {
  readonly #next: Next<E>
  readonly #tools: ReadonlyMap<string, Tool.Any>
  readonly #options: Filled
  readonly #ledger: ToolLedger
  readonly #outcomes = new Map<string, Message.ToolMessage>()

  constructor(next: Next<E>, prompt: Prompt.Prompt, tools: ReadonlyArray<Tool.Any>, options: Filled) {
    this.#next = next
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]))
    this.#options = options
    const calls = prompt.messages.flatMap((message) => (message.role === "assistant" ? (message.toolCalls ?? []) : []))
    this.#ledger = new ToolLedger(calls.map(({ id }) => id))
  }

  turn(number: number, prompt: Prompt.Prompt, spent: Spent): Parts<E> {
    return Stream.suspend(() => {
      const { maxTurns, onTurnLimit } = this.#options
      const turn = new Turn(number, prompt, spent)
      const mustAnswer = number === maxTurns && onTurnLimit === "answer"
      const asked = this.#next(mustAnswer ? Prompt.make(prompt, { toolChoice: "none" }) : prompt).pipe(
        Stream.mapAccumArray(
          () => turn,
          (_, parts) => [turn, turn.take(parts, this.#ledger)]
        ),
        // An error says what the turns before it took, too.
        Stream.mapError((error) => {
          if (!(error instanceof ChatModelError) || spent.trail.length === 0) return error
          const { message, reason, trail } = error
          return new ChatModelError({ message, reason, trail: [...spent.trail, ...trail] })
        })
      )
      return Stream.concat(
        asked,
        Stream.suspend(() => (turn.end === undefined ? Stream.empty : this.#goOn(turn, turn.end)))
      )
    })
  }

  #goOn(turn: Turn, end: Finish): Parts<E> {
    const { concurrency, maxTurns } = this.#options
    const spent = turn.after(end)
    if (turn.number >= maxTurns) {
      const tools = turn.calls.map(({ name }) => name)
      return Stream.fail(ToolError.make({ _tag: "TurnLimit", turns: turn.number, tools }, spent.trail))
    }
    const results = Stream.mapEffect(Stream.fromArray(turn.calls), (call) => this.#answer(call, spent), {
      concurrency
    })
    return Stream.concat(
      results,
      Stream.suspend(() => {
        const answers = turn.calls.flatMap(({ id }) => this.#outcomes.get(id) ?? [])
        const messages: TurnEnd["messages"] = [turn.message, ...answers]
        const prompt = Prompt.make(Prompt.append(turn.prompt, ...messages), { toolChoice: ChatOptions.unset })
        const part: TurnEnd = { ...end, type: "turn-end", messages }
        return Stream.concat(Stream.succeed<ChatPart>(part), this.turn(turn.number + 1, prompt, spent))
      })
    )
  }

  #answer(call: ToolCall.ToolCall, spent: Spent): Effect.Effect<ToolResultPart, ToolError.ToolError> {
    const { approval, failure } = this.#options
    const running = Effect.matchEffect(ToolRun.run(this.#tools, call, approval), {
      onSuccess: ({ message, result }) => Effect.succeed({ message, told: { result } }),
      onFailure: (reason) => {
        if (failure === "error") return Effect.fail(ToolError.make(reason, spent.trail))
        const error = ToolError.make(reason)
        return Effect.succeed({ message: Message.tool(call.id, { error: toldOf(call, error) }), told: { error } })
      }
    })
    return Effect.map(Effect.timed(running), ([took, { message, told }]) => {
      this.#outcomes.set(call.id, message)
      return { type: "tool-result", id: call.id, name: call.name, ...told, millis: Math.round(Duration.toMillis(took)) }
    })
  }
}

/** What the model is told of a failure: with its own text, where that went out as `{}`. */
const toldOf = (call: ToolCall.ToolCall, { message }: ToolError.ToolError): string =>
  ToolCall.json(call) === undefined ? ToolArguments.withRaw(call.arguments, message) : message

const checked = (name: string, value: number): number => {
  if (Number.isInteger(value) && value >= 1) return value
  throw new RangeError(`${name} must be an integer >= 1, got ${value}`)
}

const checkedTool = (tool: Tool.Tool): void => {
  if ("handler" in tool && "read" in tool) return
  throw new TypeError(
    `Tool "${tool.name}" has nobody who runs it: make it with Tool.make and a handler, or give it as options.tools`
  )
}

/**
 * Answers a prompt with tools. Each run of the stream is a run of its own. Throws a `RangeError` for a `concurrency` or
 * `maxTurns` below 1, and a `TypeError` for a tool that was not made to be run.
 */
export const run = <E = never>(
  next: Next<E>,
  prompt: Prompt.Prompt,
  tools: ReadonlyArray<Tool.Any>,
  options: Options = {}
): Parts<E> => {
  const { approval, concurrency = 4, failure = "return", maxTurns = 10, onTurnLimit = "error" } = options
  const filled = {
    approval,
    concurrency: checked("concurrency", concurrency),
    failure,
    maxTurns: checked("maxTurns", maxTurns),
    onTurnLimit
  }
  if (tools.length === 0) return next(prompt)
  tools.forEach(checkedTool)
  const withTools = Prompt.make(prompt, { tools })
  return Stream.suspend(() => new Loop(next, prompt, tools, filled).turn(1, withTools, { trail: [] }))
}
