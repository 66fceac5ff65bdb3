import { Clock, type FaultKind, Plan, VendorList, Vendors } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import type { ReasonTag } from "../src/failure/Reason.ts"
import * as ErrorBody from "../src/internal/provider/ErrorBody.ts"
import * as ErrorTable from "../src/internal/provider/ErrorTable.ts"
import * as Lowering from "../src/internal/provider/Lowering.ts"
import type { Vendor } from "../src/internal/provider/Vendor.ts"
import * as ApiKey from "../src/key/ApiKey.ts"
import * as Provider from "../src/provider/Provider.ts"
import { vendors } from "../src/provider/Vendors.ts"
import type { ChatCompletionRequest } from "../src/wire/ChatCompletion.ts"

const ask = (vendor: VendorList.VendorName, request: object, kind?: FaultKind.FaultKind) => {
  const { plan } = Vendors.make({
    clock: Clock.manual(),
    acceptAnyKey: true,
    faults: kind === undefined ? [] : [{ kind }]
  }).receive({
    adapter: "server",
    vendor,
    method: "POST",
    path: "/chat/completions",
    authorization: "Bearer sk-demo-any",
    body: JSON.stringify(request)
  })
  return { status: plan.status, body: Buffer.from(Plan.body(plan)).toString() }
}

const meanings: ReadonlyArray<readonly [FaultKind.FaultKind, ReasonTag]> = [
  ["auth.invalid", "Unauthorized"],
  ["auth.missing", "Unauthorized"],
  ["billing.exhausted", "BalanceExhausted"],
  ["rate.limit", "RateLimited"],
  ["rate.tokens", "RateLimited"],
  ["overload.fast", "Overloaded"],
  ["content.input", "ContentFiltered"],
  ["model.gone", "ModelNotFound"],
  ["request.tooLong", "ContextTooLong"],
  ["server.error", "ServerFailed"],
  ["edge.html", "ServerFailed"]
]

describe.each(VendorList.names)("%s", (name) => {
  const { dialect, service }: Vendor = vendors[name]
  const model = service?.model ?? ""
  const user = { role: "user", content: "Who are you? Say it as JSON." }

  it.each(meanings)("is understood when it refuses with %s", (kind, reason) => {
    const { body, status } = ask(name, { model, messages: [user] }, kind)
    expect([status, body, ErrorTable.classify(dialect.errors, status, ErrorBody.parse(body))]).toEqual([
      status,
      body,
      reason
    ])
  })

  const call = { id: "call_1", type: "function", function: { name: "look_up", arguments: "{}" } }
  const strange: ChatCompletionRequest = {
    model,
    messages: [
      { role: "developer", content: "Be brief." },
      user,
      { role: "assistant", content: "", tool_calls: [call] },
      { role: "tool", tool_call_id: "call_1", content: "42" }
    ],
    max_completion_tokens: 100,
    ...Object.fromEntries(
      Object.values(vendors)
        .flatMap((vendor: Vendor) => Object.values(vendor.dialect.switches ?? {}))
        .filter((each) => !Object.values(dialect.switches ?? {}).some(({ name: own }) => own === each.name))
        .map((each) => [each.name, {}])
    )
  }

  it("leaves a plain request as it is: no change, no refusal, no other way of asking", () => {
    const messages = ["system", "user", "assistant", "user"].map((role) => ({ role, content: "Say it as JSON." }))
    const values = { messages, model, stream: false, stream_options: null, stop: ["END"], user: "somebody" }
    const fields = [...Provider.everybodys].filter((field) => dialect.minds?.includes(field) !== true)
    const plain = Object.fromEntries(fields.map((field) => [field, 1]))
    const request: ChatCompletionRequest = { ...plain, ...values }
    expect(Lowering.lower({ dialect, structuredOutput: undefined }, request)).toBe(request)
    expect(dialect.settle?.(request) ?? request).toBe(request)
    expect([
      dialect.unsuited?.(request),
      Lowering.structured({ dialect, structuredOutput: undefined }, request)
    ]).toEqual([undefined, undefined])
  })

  it("takes a plain request as it goes out, with every setting that it minds", () => {
    const settings = { temperature: 0.2, top_p: 0.9, max_tokens: 100, stop: ["END"] }
    const base = { origin: "https://api.example.com", path: "/v1", query: "" }
    const provider = { name, dialect, base, aliases: {} } as unknown as Provider.Provider
    const sent = Provider.toChatRequest(
      provider,
      ApiKey.none,
      { request: { model, messages: [user], ...settings } },
      model,
      false
    )
    expect(ask(name, JSON.parse(sent.body ?? ""))).toMatchObject({ status: 200 })
  })

  it("takes what is lowered for it of a conversation that another vendor began", () => {
    const schema = { type: "object", properties: {}, required: [] }
    const format = { type: "json_schema", json_schema: { name: "answer", schema } }
    const off = { ...strange, thinking: { type: "disabled" }, enable_thinking: false, temperature: 0.2 }
    for (const request of [strange, { ...strange, response_format: format }, { ...strange, stream: true }, off]) {
      const lowered = Lowering.lower({ dialect, structuredOutput: undefined }, request)
      expect(ask(name, lowered)).toMatchObject({ status: 200 })
    }
  })
})
