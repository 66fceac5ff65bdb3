import { MockNetwork, MockServer, VendorList, Vendors } from "@understudy/mocks"
import OpenAI from "openai"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { deepseekKey, keys, qwenKey, tools } from "./support.ts"

interface Adapter {
  readonly urls: Readonly<Record<VendorList.VendorName, string>>
  close(): Promise<void> | void
}

const user = (content: string) => [{ role: "user" as const, content }]

/** What the official client has to see, whatever carries the plan. */
const suite = (name: string, makeAdapter: (vendors: Vendors.Vendors) => Promise<Adapter>) =>
  describe(name, () => {
    const vendors = Vendors.make({ keys })
    let adapter: Adapter
    let deepseek: OpenAI
    let qwen: OpenAI
    beforeAll(async () => {
      adapter = await makeAdapter(vendors)
      deepseek = new OpenAI({ baseURL: adapter.urls.deepseek, apiKey: deepseekKey, maxRetries: 0, logLevel: "off" })
      qwen = new OpenAI({ baseURL: adapter.urls.qwen, apiKey: qwenKey, maxRetries: 0, logLevel: "off" })
    })
    afterEach(() => vendors.reset())
    afterAll(() => adapter.close())

    it("answers JSON, and who answers is visible", async () => {
      const messages = user("你是谁？")
      const ds = await deepseek.chat.completions.create({ model: "deepseek-chat", messages })
      const qw = await qwen.chat.completions.create({ model: "qwen-turbo", messages })
      expect(ds.choices[0]?.message.content).toContain("DeepSeek")
      expect(qw.choices[0]?.message.content).toContain("通义千问")
      expect(qw.usage?.total_tokens).toBe(19)
      expect(vendors.journal.entries.map((entry) => [entry.status, entry.end, entry.recipe])).toEqual([
        [200, "complete", "answer"],
        [200, "complete", "answer"]
      ])
    })

    it("streams text and usage as each vendor places it", async () => {
      for (const [client, model] of [
        [deepseek, "deepseek-chat"],
        [qwen, "qwen-plus"]
      ] as const) {
        const stream = await client.chat.completions.create({
          model,
          messages: user("echo: 一二三四五六"),
          stream: true,
          stream_options: { include_usage: true }
        })
        let text = ""
        let usage: number | undefined
        for await (const chunk of stream) {
          text += chunk.choices[0]?.delta.content ?? ""
          usage = chunk.usage?.completion_tokens ?? usage
        }
        expect([text, usage]).toEqual(["一二三四五六", 3])
      }
    })

    it("streams reasoning before content", async () => {
      for (const [client, model] of [
        [deepseek, "deepseek-reasoner"],
        [qwen, "qwq-32b"]
      ] as const) {
        const stream = await client.chat.completions.create({ model, messages: user("你是谁？"), stream: true })
        const order: Array<string> = []
        for await (const { choices } of stream) {
          const delta = choices[0]?.delta as { content?: string; reasoning_content?: string }
          const kind = delta.reasoning_content ? "reasoning" : delta.content ? "content" : undefined
          if (kind !== undefined && order.at(-1) !== kind) order.push(kind)
        }
        expect(order).toEqual(["reasoning", "content"])
      }
    })

    it("streams tool calls that the client can put together", async () => {
      for (const [client, model] of [
        [deepseek, "deepseek-chat"],
        [qwen, "qwen-plus"]
      ] as const) {
        const stream = client.chat.completions.stream({ model, messages: user("weather?"), tools: tools as any })
        const final = await stream.finalChatCompletion()
        const [call] = final.choices[0]?.message.tool_calls ?? []
        expect([final.choices[0]?.finish_reason, call]).toMatchObject([
          "tool_calls",
          { function: { name: "get_weather", arguments: '{"city":"Hangzhou","unit":"celsius","days":1}' } }
        ])
      }
    })

    it("throws the vendor's errors with status, code and message", async () => {
      const failure = (client: OpenAI, model: string) =>
        client.chat.completions.create({ model, messages: user("hi") }).then(
          () => undefined,
          (error: InstanceType<typeof OpenAI.APIError>) => ({
            status: error.status,
            code: error.code,
            message: error.message
          })
        )
      vendors.setKey(qwenKey, { vendor: "qwen", state: "arrears" })
      vendors.setKey(deepseekKey, { vendor: "deepseek", state: "arrears" })
      expect(await failure(qwen, "qwen-turbo")).toMatchObject({ status: 400, code: "Arrearage" })
      expect(await failure(deepseek, "deepseek-chat")).toEqual({
        status: 402,
        code: "invalid_request_error",
        message: "402 Insufficient Balance"
      })
      const nameless = new OpenAI({
        baseURL: adapter.urls.deepseek,
        apiKey: "nonsense",
        maxRetries: 0,
        logLevel: "off"
      })
      expect((await failure(nameless, "deepseek-chat"))?.status).toBe(401)
    })

    it("lists models", async () => {
      expect((await deepseek.models.list()).data.map((model) => model.id)).toEqual([
        "deepseek-flash",
        "deepseek-v4-pro"
      ])
    })

    it("notices that the client left in the middle of a stream", async () => {
      vendors.addFault({ kind: "stall.midstream", afterChunks: 2 })
      const stream = await qwen.chat.completions.create({
        model: "qwen-turbo",
        messages: user("你是谁？"),
        stream: true
      })
      for await (const { choices } of stream) {
        if (choices[0]?.delta.content !== "") break
      }
      const entry = await vendors.journal.waitFor(({ end }) => end !== "open")
      expect(entry).toMatchObject({ end: "client-left", chunks: 2, left: { chunk: 2 } })
    })

    it("notices that the client left before any answer", async () => {
      vendors.addFault({ kind: "stall.before" })
      const abort = new AbortController()
      const call = deepseek.chat.completions.create(
        { model: "deepseek-chat", messages: user("hi") },
        { signal: abort.signal }
      )
      const failed = expect(call).rejects.toThrow(OpenAI.APIUserAbortError)
      await vendors.journal.waitFor(({ end }) => end === "open")
      abort.abort()
      await failed
      expect(await vendors.journal.waitFor(({ end }) => end !== "open")).toMatchObject({
        end: "client-left",
        status: 0,
        chunks: 0
      })
    })

    it("reports resets and closed connections before headers as such", async () => {
      for (const [kind, message] of [
        ["reset.before", "ECONNRESET"],
        ["close.before", "other side closed"]
      ] as const) {
        const fault = vendors.addFault({ kind })
        const failure = await fetch(`${adapter.urls.qwen}/models`).catch((error: Error) => error)
        expect(String((failure as Error).cause)).toContain(message)
        fault.remove()
      }
    })

    it("delivers k chunks before a cut, then fails the body", async () => {
      vendors.addFault({ kind: "cut.midstream", afterChunks: 2 })
      const stream = await deepseek.chat.completions.create({
        model: "deepseek-chat",
        messages: user("echo: a b c d"),
        stream: true
      })
      const seen: Array<string> = []
      const reading = (async () => {
        for await (const { choices } of stream) seen.push(choices[0]?.delta.content ?? "")
      })()
      await expect(reading).rejects.toThrow()
      expect(seen).toEqual(["", "a", " b"])
      expect(vendors.journal.entries[0]).toMatchObject({ end: "cut", chunks: 2 })
    })

    it("survives slices, blank lines and comments", async () => {
      vendors.addFault({ kind: "bytes.sliced" })
      vendors.addFault({ kind: "overload.queue", delay: 0 })
      const stream = await deepseek.chat.completions.create({
        model: "deepseek-chat",
        messages: user("你是谁？"),
        stream: true
      })
      let text = ""
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? ""
      expect(text).toMatch(/^您好！.*帮助。$/)
    })

    it("gives the client an error event as an error, and a bad frame as a syntax error", async () => {
      const read = async () => {
        const stream = await qwen.chat.completions.create({ model: "qwen-turbo", messages: user("hi"), stream: true })
        for await (const _ of stream);
      }
      const { remove } = vendors.addFault({ kind: "content.output", afterChunks: 1 })
      await expect(read()).rejects.toThrow(OpenAI.APIError)
      remove()
      vendors.addFault({ kind: "frame.malformed" })
      await expect(read()).rejects.toThrow(SyntaxError)
    })
  })

suite("MockServer", (vendors) => MockServer.listen(vendors))

suite("MockNetwork", async (vendors) => {
  const network = MockNetwork.make(vendors)
  network.enable()
  return {
    urls: VendorList.baseUrls,
    close: () => network.disable()
  }
})
