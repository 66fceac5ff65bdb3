/**
 * A `fetch` that OpenAI clients take for the network: `…/chat/completions`, `…/completions`, `…/embeddings`, `…/models`
 * and `…/models/ID` are answered by the engine in this process, whatever host they name; Azure's `…/openai/deployments/MODEL/…` likewise.
 *
 * ```
 * new OpenAI({ fetch }) ─▶ UnderstudyFetch ─▶ one fiber of Failover ─▶ the vendor's bytes, as they came
 * ```
 *
 * **Details**
 *
 * - As at the gateway, fields that nobody knows pass both ways, errors have OpenAI's shape and a status of their own, and
 *   the headers `x-understudy-route`, `-provider`, `-model`, `-attempts` and `-trail` tell who answered.
 * - The last chunks come in OpenAI's order: the finish, then the usage with empty `choices` where it was asked for.
 * - An answer begins with its first content: until then a failed stream is an error response. Afterwards it is an error
 *   event, and then the body fails with the same `FailoverError`: `openai` throws an `APIError` with the event's words, and a
 *   client that passes over such an event still does not take the answer for whole.
 * - Aborting, or cancelling the body, ends the request at the vendor; a slow reader slows the vendor down.
 *
 * **Gotchas**
 *
 * - Nothing else is answered, and nothing leaves for the network: other paths are a 404.
 * - The client's key is not looked at. Its headers are what routes may match on.
 * - The client's own retries come on top of the engine's: set `maxRetries: 0`, or use `PromiseUnderstudy.openai`.
 *
 * **Example** (Which models there are)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { UnderstudyFetch } from "@understudy/chat-model"
 * import { Understudy } from "@understudy/core"
 *
 * const program = Effect.gen(function* () {
 *   const fetch = yield* UnderstudyFetch.make
 *   const response = yield* Effect.promise(() => fetch("http://anywhere/v1/models"))
 *   return response.status // => 200
 * }).pipe(Effect.scoped, Effect.provide(Understudy.layerYaml("understudy.yaml")))
 * ```
 *
 * @see PromiseUnderstudy for a `fetch` without Effect
 */
import * as Face from "@understudy/core/face/Face"
import type { Call, Report, Sink } from "@understudy/core/failover/Failover"
import { FailoverError } from "@understudy/core/failure/FailoverError"
import type { Understudy } from "@understudy/core/Understudy"
import type { ModelRequest } from "@understudy/core/wire/ChatCompletion"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import { closed } from "./ChatModelError.ts"
import * as Engine from "./internal/runtime/Engine.ts"
import { StreamBody } from "./internal/stream/StreamBody.ts"
import * as FetchAnswer from "./internal/wire/FetchAnswer.ts"

/** What is fetched, as far as it matters here. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: () => Promise<Face.BodyText.Decoded>
  readonly signal: AbortSignal | undefined
}

const bytesOf = async (body: RequestInit["body"], request: Request | undefined): Promise<ArrayBuffer> =>
  body == null && request !== undefined ? request.arrayBuffer() : new Response(body ?? null).arrayBuffer()

const toAsked = (input: string | URL | Request, init: RequestInit = {}): Asked => {
  const request = input instanceof Request ? input : undefined
  const { body } = init
  return {
    method: init.method?.toUpperCase() ?? request?.method ?? "GET",
    path: Face.Endpoint.pathOf(request?.url ?? String(input)),
    headers: Object.fromEntries(new Headers(init.headers ?? request?.headers)),
    body: async () =>
      typeof body === "string"
        ? { text: body.replace(/^\ufeff/, "") }
        : Face.BodyText.decode(Buffer.from(await bytesOf(body, request))),
    signal: init.signal ?? request?.signal
  }
}

/** How a call failed; what is no failure of the call's own is thrown. */
const toError = (cause: Cause.Cause<FailoverError>, signal: AbortSignal | undefined): FailoverError => {
  if (Cause.hasInterruptsOnly(cause)) throw signal?.aborted === true ? signal.reason : closed("engine")
  const error = Cause.squash(cause)
  if (error instanceof FailoverError) return error
  throw error
}

/** The answer to a call that failed before anything was delivered. */
const failed = (error: FailoverError): Response => FetchAnswer.failed(Face.Problem.fromFailover(error))

type Fork = <A>(
  effect: Effect.Effect<A, FailoverError>,
  options: { readonly signal?: AbortSignal | undefined }
) => Fiber.Fiber<A, FailoverError>

const whole = <A>(
  fork: Fork,
  signal: AbortSignal | undefined,
  effect: Effect.Effect<A, FailoverError>,
  toResponse: (value: A) => Response
): Promise<Response> =>
  new Promise((resolve, reject) => {
    fork(effect, { signal }).addObserver((exit) => {
      try {
        resolve(Exit.isSuccess(exit) ? toResponse(exit.value) : failed(toError(exit.cause, signal)))
      } catch (error) {
        reject(error)
      }
    })
  })

const streamed = (
  fork: Fork,
  signal: AbortSignal | undefined,
  request: ConstructorParameters<typeof Face.StreamEnding>[0],
  stream: (sink: Sink) => Effect.Effect<Report, FailoverError>
): Promise<Response> =>
  new Promise((resolve, reject) => {
    let body: StreamBody | undefined
    const ending = new Face.StreamEnding(request)
    const sink: Sink = {
      begin: (head, flow) => {
        body = new StreamBody(flow, () => fiber.interruptUnsafe())
        resolve(FetchAnswer.streamed(head, body.readable))
      },
      write: (batch) => body?.write(ending.take(batch))
    }
    const fiber = fork(stream(sink), { signal })
    fiber.addObserver((exit) => {
      try {
        if (Exit.isSuccess(exit)) return body?.end(ending.end(exit.value.usage))
        const error = toError(exit.cause, signal)
        if (body === undefined) resolve(failed(error))
        else body.breakOff(`data: ${Face.Problem.toBody(Face.Problem.fromFailover(error))}\n\n`, error)
      } catch (error) {
        body?.fail(error)
        reject(error)
      }
    })
  })

const jsonPaths = Object.values(Face.Endpoint.json)
  .map(({ path }) => `POST …${path}`)
  .join(", ")

const unknown = (method: string, path: string): Face.Problem.Problem =>
  Face.Problem.make({
    status: 404,
    type: "invalid_request_error",
    code: "unknown_url",
    message: `${method} ${path} is not answered here. There is: POST …/chat/completions, POST …/completions, ${jsonPaths}, GET …/models, GET …/models/ID.`
  })

/** The type of `fetch`, as far as clients need it. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** Makes a `fetch` over the engine that is provided. Closing the scope ends what is under way. */
export const make: Effect.Effect<Fetch, never, Understudy | Scope.Scope> = Effect.gen(function* () {
  const understudy = yield* Engine.provided
  const { failover, models } = understudy
  const ModelCatalog = yield* Effect.promise(() => import("@understudy/core/ModelCatalog"))
  const fork: Fork = yield* FiberSet.makeRuntime<never>()

  const asking =
    <R extends ModelRequest>(
      parse: (text: string) => Face.RequestBody.Parsed<R>,
      answer: (call: Call<R>, signal: Asked["signal"]) => Promise<Response>
    ) =>
    ({ headers, signal }: Asked, text: string): Promise<Response> | Response => {
      const { problem, request } = parse(text)
      return problem === undefined ? answer({ request, text, headers }, signal) : FetchAnswer.failed(problem)
    }

  const chat = asking(Face.ChatRequest.parse, (call, signal) =>
    call.request.stream === true
      ? streamed(fork, signal, call.request, (sink) => failover.stream(call, sink))
      : whole(fork, signal, failover.call(call), FetchAnswer.whole)
  )

  const completions = asking(Face.TextCompletionRequest.parse, (call, signal) =>
    call.request.stream === true
      ? streamed(fork, signal, call.request, (sink) => failover.streamText(call, sink))
      : whole(fork, signal, failover.complete(call), FetchAnswer.whole)
  )

  const json = ({ ask, parse }: Face.Endpoint.JsonEndpoint): typeof chat =>
    asking(parse, (call, signal) => whole(fork, signal, ask(failover, call), FetchAnswer.whole))

  const posted: Partial<Record<Face.Endpoint.Place["endpoint"], typeof chat>> = {
    chat,
    completions,
    ...Object.fromEntries(Object.entries(Face.Endpoint.json).map(([name, endpoint]) => [name, json(endpoint)]))
  }

  const retrieve = ({ signal }: Asked, id: string): Promise<Response> =>
    whole(fork, signal, ModelCatalog.orNone(models), (list) => {
      const model = ModelCatalog.find(list, understudy.config.routes, id)
      return model === undefined
        ? FetchAnswer.failed(Face.Problem.noSuchModel(id))
        : FetchAnswer.json(ModelCatalog.toOne(model))
    })

  return async (input, init) => {
    const asked = toAsked(input, init)
    asked.signal?.throwIfAborted()
    const place = Face.Endpoint.find(asked.path, "")
    if (asked.method === "GET" && place?.endpoint === "models")
      return whole(fork, asked.signal, models, (list) => FetchAnswer.json(ModelCatalog.toBody(list)))
    if (asked.method === "GET" && place?.endpoint === "model") return retrieve(asked, place.model ?? "")
    const ask = asked.method !== "POST" || place === undefined ? undefined : posted[place.endpoint]
    if (ask !== undefined) {
      const { problem, text } = await asked.body()
      if (problem !== undefined) return FetchAnswer.failed(problem)
      return ask(asked, place?.model === undefined ? text : Face.Endpoint.withModel(text, place.model))
    }
    return FetchAnswer.failed(unknown(asked.method, asked.path))
  }
})
