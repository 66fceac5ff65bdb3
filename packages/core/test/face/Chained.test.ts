/** A gateway behind another one, or behind the SDK: what it says of its own vendors must not cost the key that asks it. */
import { expect, it } from "vitest"
import { FailoverError, type FailoverReason } from "../../src/failure/FailoverError.ts"
import type { Reason, ReasonTag } from "../../src/failure/Reason.ts"
import * as Problem from "../../src/internal/face/Problem.ts"
import * as ErrorBody from "../../src/internal/provider/ErrorBody.ts"
import * as ErrorTable from "../../src/internal/provider/ErrorTable.ts"
import * as OpenAiCompatible from "../../src/internal/provider/openai-compatible/OpenAiCompatible.ts"

const failure = (reason: Reason, status: number, message: string) => ({
  reason,
  message: `up answered ${status}: ${message}`,
  vendor: { status, message }
})

const poor = failure({ _tag: "BalanceExhausted" }, 402, "Insufficient Balance")
const slow = failure({ _tag: "RateLimited", retryAfter: 1_000 }, 429, "Rate limit reached for requests")
const wrong = failure({ _tag: "Unauthorized" }, 401, "Incorrect API key provided")
const long = failure({ _tag: "ContextTooLong" }, 400, "maximum context length is 8 tokens")

it.each<[FailoverReason, number | undefined, ReasonTag]>([
  [{ _tag: "UpstreamFailed", failure: poor }, undefined, "ServerFailed"],
  [{ _tag: "UpstreamFailed", failure: slow }, undefined, "ServerFailed"],
  [{ _tag: "UpstreamFailed", failure: wrong }, undefined, "ServerFailed"],
  [{ _tag: "Broken", failure: poor }, 200, "ServerFailed"],
  [{ _tag: "Broken", failure: slow }, 200, "ServerFailed"],
  [{ _tag: "Limited", retryAfter: 1_000 }, undefined, "RateLimited"],
  [{ _tag: "Rejected", failure: long }, undefined, "ContextTooLong"],
  [{ _tag: "NoRoute", model: "m", routes: [] }, undefined, "ModelNotFound"]
])("reads %j of a gateway, in a stream where a status is given, as what it is: %s %s", (reason, inBand, tag) => {
  const problem = Problem.fromFailover(new FailoverError({ reason, trail: [] }))
  const body = ErrorBody.parse(Problem.toBody(problem))
  expect(ErrorTable.classify(OpenAiCompatible.dialect.errors, inBand ?? problem.status, body)).toBe(tag)
})
