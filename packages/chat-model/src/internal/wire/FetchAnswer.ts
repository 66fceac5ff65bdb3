/**
 * What the engine says, as responses of `fetch`: whole answers as the bytes that they came in, problems, and the head of a
 * stream.
 */
import { Headers, Problem } from "@understudy/core/face/Face"
import type { Head } from "@understudy/core/failover/Failover"

const toPairs = (list: Headers.HeaderList): Array<[string, string]> =>
  Array.from({ length: list.length / 2 }, (_, index) => [list[2 * index] ?? "", list[2 * index + 1] ?? ""])

const make = (body: BodyInit, type: string, head: Head): Response => {
  const headers = ["content-type", type]
  Headers.append(headers, head)
  return new Response(body, { headers: toPairs(headers) })
}

/** A whole answer. */
export const whole = (answer: Head & { readonly bytes: Buffer }): Response =>
  make(answer.bytes as Uint8Array<ArrayBuffer>, "application/json", answer)

/** A stream that begins. */
export const streamed = (head: Head, body: ReadableStream<Uint8Array>): Response =>
  make(body, "text/event-stream; charset=utf-8", head)

/** A JSON text that no vendor sent. */
export const json = (text: string): Response => new Response(text, { headers: { "content-type": "application/json" } })

/** An error. */
export const failed = (problem: Problem.Problem): Response => {
  const headers = ["content-type", "application/json"]
  Headers.appendProblem(headers, problem, undefined)
  return new Response(Problem.toBody(problem), { status: problem.status, headers: toPairs(headers) })
}
