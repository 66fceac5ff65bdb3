import { Catalogue, FaultKind, MockServer, VendorList, Vendors } from "@understudy/mocks"
import OpenAI from "openai"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { tools } from "./support.ts"

const user = (content: string) => [{ role: "user" as const, content }]

/** What the official client has to see of every vendor in the list. */
describe.each(VendorList.names)("%s", (name) => {
  const key = `sk-demo-${name}-every`
  const vendors = Vendors.make({ keys: { [key]: { vendor: name } }, catalogue: "2026" })
  const models = Catalogue.listed(name, "2026")
  const [model = ""] = models
  let server: MockServer.MockServer
  let client: OpenAI
  beforeAll(async () => {
    server = await MockServer.listen(vendors)
    client = new OpenAI({ baseURL: server.urls[name], apiKey: key, maxRetries: 0, logLevel: "off" })
  })
  afterEach(() => vendors.reset())
  afterAll(() => server.close())

  const read = async (content: string, more: object = {}) => {
    const stream = await client.chat.completions.create({
      ...{ model, messages: user(content), stream: true, stream_options: { include_usage: true } },
      ...more
    })
    const seen = { reasoning: "", text: "", finish: "", usage: 0, order: [] as Array<string> }
    for await (const chunk of stream) {
      const [choice] = chunk.choices as Array<any>
      const { content: text = "", reasoning_content: reasoning = "" } = choice?.delta ?? {}
      seen.text += text ?? ""
      seen.reasoning += reasoning ?? ""
      seen.finish = choice?.finish_reason ?? seen.finish
      seen.usage = (chunk.usage ?? choice?.usage)?.total_tokens ?? seen.usage
      const kind = reasoning ? "reasoning" : text ? "content" : undefined
      if (kind !== undefined && seen.order.at(-1) !== kind) seen.order.push(kind)
    }
    return seen
  }

  it("answers JSON in its own voice, with usage and an id", async () => {
    const answer = await client.chat.completions.create({ model, messages: user("Who are you?") })
    expect(answer.choices[0]?.message.content).toContain(VendorList.labels[name])
    expect(answer.usage?.total_tokens).toBeGreaterThan(0)
    expect(answer.id).not.toBe("")
  })

  it("streams thoughts before the text, then a finish and usage", async () => {
    const { finish, order, reasoning, text, usage } = await read("echo: 一二三四五六")
    expect([text, finish, order]).toEqual(["一二三四五六", "stop", ["reasoning", "content"]])
    expect(reasoning).not.toBe("")
    expect(usage).toBeGreaterThan(0)
  })

  it("calls tools, whole and as a stream that the client can put together", async () => {
    const asked = { model, messages: user("weather?"), tools: tools as any }
    const expected = { function: { name: "get_weather", arguments: '{"city":"Hangzhou","unit":"celsius","days":1}' } }
    const whole = await client.chat.completions.create(asked)
    expect(whole.choices[0]?.message.tool_calls).toMatchObject([expected])
    const streamed = await client.chat.completions.stream(asked).finalChatCompletion()
    expect(streamed.choices[0]?.message.tool_calls).toMatchObject([expected])
    expect(streamed.choices[0]?.finish_reason).toBe("tool_calls")
  })

  it("lists the models that it answers", async () => {
    const listed = (await client.models.list()).data.map(({ id }) => id)
    expect(listed).toEqual(models)
    for (const id of listed) expect(Catalogue.answers(name, id, "2026")).toBe(true)
  })

  const refusals = FaultKind.names.filter(
    (kind) => FaultKind.catalogue[kind].stage === "service" && FaultKind.catalogue[kind].vendors.includes(name)
  )
  it.each(refusals)("refuses with %s in words of its own", async (kind) => {
    vendors.addFault({ kind })
    const error = await client.chat.completions
      .create({ model, messages: user("hi") })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OpenAI.APIError)
    const { message, status } = error as InstanceType<typeof OpenAI.APIError>
    expect(status).toBeGreaterThanOrEqual(400)
    // A recipe that the vendor has no row for is answered with its name.
    expect(message).not.toContain(kind)
  })

  it.each([
    "empty.200",
    "content.output",
    "error.midstream",
    "finish.missing",
    "eof.noDone"
  ] as const)("bends an answer with %s, whole and as a stream", async (kind) => {
    vendors.addFault({ kind })
    await read("Who are you?").catch(() => undefined)
    await client.chat.completions.create({ model, messages: user("hi") }).catch(() => undefined)
    expect(vendors.journal.entries.map(({ recipe }) => recipe)).toEqual([kind, kind])
  })
})
