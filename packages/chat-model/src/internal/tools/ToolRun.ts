/**
 * Runs one tool call: finds the tool, reads the arguments, asks for approval, runs the handler within its time and writes
 * what it gave. Every way in which that can fail is a reason of `ToolError`; a defect or an interruption of an Effect's is no
 * failure: it is logged, and ends the run.
 */
import { ToolArguments } from "@understudy/core/wire/Wire"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Message from "../../Message.ts"
import type * as Tool from "../../Tool.ts"
import type * as ToolCall from "../../ToolCall.ts"
import type { HandlerFailed, InvalidArguments, Reason, Refused, TimedOut } from "../../ToolError.ts"
import * as Awaitable from "../runtime/Awaitable.ts"
import * as Traced from "../turn/Traced.ts"
import { isError, toDetail } from "./ToolText.ts"

/** A result, as a value and as the model is told it. */
export interface Success {
  readonly result: unknown
  readonly message: Message.ToolMessage
}

const read = (tool: Tool.Any, call: ToolCall.ToolCall): Effect.Effect<unknown, InvalidArguments> => {
  const value = ToolArguments.read(call.arguments)
  const raw = ToolArguments.shown(call.arguments)
  const reading = value === undefined ? Effect.fail([`they are no JSON object: ${raw}`]) : tool.read(value)
  return Effect.mapError(reading, (flaws) => ({
    _tag: "InvalidArguments",
    tool: call.name,
    id: call.id,
    detail: flaws.join("; ")
  }))
}

/** Tells what failed; what nobody foresaw is logged, and goes on to whoever runs the call. */
const failing =
  <A, E>(what: string, call: ToolCall.ToolCall, onFailure: (error: unknown) => Effect.Effect<A, E>) =>
  (cause: Cause.Cause<unknown>): Effect.Effect<A, E> => {
    if (!Awaitable.isUnforeseen(cause)) return onFailure(Cause.squash(cause))
    const said = `${what} "${call.name}" ${Cause.hasDies(cause) ? "died" : "was interrupted"} (call ${call.id})`
    const rest = Cause.fromReasons(cause.reasons.filter((reason) => !Cause.isFailReason(reason)))
    return Effect.andThen(Effect.logError(said, cause), Effect.failCause(rest as Cause.Cause<never>))
  }

const ask = (approval: Tool.Approval, request: Tool.Request): Effect.Effect<void, Refused> =>
  Awaitable.toEffect(() => approval(request)).pipe(
    Effect.catchCause(failing("Approval of tool", request, (error) => Effect.succeed({ reason: toDetail(error) }))),
    Effect.flatMap((verdict) => {
      if (verdict === true) return Effect.void
      const detail = Predicate.hasProperty(verdict, "reason") ? toDetail(verdict.reason) : undefined
      return Effect.fail<Refused>({ _tag: "Refused", tool: request.name, id: request.id, detail })
    })
  )

const failed = (call: ToolCall.ToolCall, detail: string, cause?: unknown): HandlerFailed => ({
  _tag: "HandlerFailed",
  tool: call.name,
  id: call.id,
  cause,
  detail
})

const handle = (
  tool: Tool.Any,
  parameters: unknown,
  call: ToolCall.ToolCall
): Effect.Effect<unknown, HandlerFailed | TimedOut> => {
  const handling = Awaitable.toEffect((signal) => tool.handler(parameters as never, { id: call.id, signal })).pipe(
    Effect.catchCause(failing("Tool", call, (error) => Effect.fail(failed(call, toDetail(error), error))))
  )
  if (tool.timeout === undefined) return handling
  const after = Duration.toMillis(tool.timeout)
  return Effect.timeoutOrElse(handling, {
    duration: after,
    orElse: () => Effect.fail<TimedOut>({ _tag: "TimedOut", tool: call.name, id: call.id, after })
  })
}

// An error that is handed back instead of thrown is a failure all the same.
const taken = (given: unknown, call: ToolCall.ToolCall): Effect.Effect<unknown, HandlerFailed> =>
  isError(given) ? Effect.fail(failed(call, toDetail(given), given)) : Effect.succeed(given)

const write = (tool: Tool.Any, given: unknown, call: ToolCall.ToolCall): Effect.Effect<Success, HandlerFailed> =>
  tool.write(given).pipe(
    Effect.mapError((flaws) => failed(call, `its result does not fit: ${flaws.join("; ")}`)),
    Effect.flatMap((result) =>
      Effect.try({
        try: () => ({ result, message: Message.tool(call.id, result) }),
        catch: (error) => failed(call, `its result cannot be told: ${toDetail(error)}`, error)
      })
    )
  )

const perform = Effect.fnUntraced(function* (
  tools: ReadonlyMap<string, Tool.Any>,
  call: ToolCall.ToolCall,
  approval: Tool.Approval | undefined
): Effect.fn.Return<Success, Reason> {
  const tool = tools.get(call.name)
  if (tool === undefined) {
    return yield* Effect.fail<Reason>({ _tag: "Unknown", tool: call.name, id: call.id, tools: [...tools.keys()] })
  }
  const parameters = yield* read(tool, call)
  for (const one of [approval, tool.approval]) if (one !== undefined) yield* ask(one, { ...call, parameters })
  const given = yield* taken(yield* handle(tool, parameters, call), call)
  return yield* write(tool, given, call)
})

/** Runs a call with the tool of that name. What the tool asks other models for appears below its span. */
export const run = (
  tools: ReadonlyMap<string, Tool.Any>,
  call: ToolCall.ToolCall,
  approval: Tool.Approval | undefined
): Effect.Effect<Success, Reason> =>
  Traced.effect(
    `execute_tool ${call.name}`,
    {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": call.name,
      "gen_ai.tool.type": "function",
      "gen_ai.tool.call.id": call.id
    },
    perform(tools, call, approval)
  )
