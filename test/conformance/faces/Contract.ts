/**
 * What every face of Understudy promises, whichever framework it has a seat in: an answer while anything can give one.
 * Runs against DeepSeek and Qwen as `@understudy/mocks` plays them, over sockets.
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { MockServer, Vendors } from "@understudy/mocks"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"

/** What a face says about an answer. */
export interface Answer {
  readonly text: string
  /** The model that really answered. */
  readonly model: string | undefined
  /** How every attempt ended, in order. */
  readonly outcomes: ReadonlyArray<string>
}

/** A framework's way to ask. */
export interface Face {
  readonly call: (question: string) => Promise<Answer>
  readonly stream: (question: string) => Promise<Answer>
  readonly close: () => Promise<void>
}

const qwen = "我是阿里云开发的一款超大规模语言模型，我叫通义千问。"
const deepseek = "DeepSeek"

/** Runs the contract for the face that `open` makes for a configuration; the model to ask for is `qwen-turbo`. */
export const contract = (name: string, open: (config: UnderstudyOptions) => Promise<Face>): void => {
  describe(name, () => hold(open))
}

const hold = (open: (config: UnderstudyOptions) => Promise<Face>): void => {
  const vendors = Vendors.make({
    keys: {
      "sk-demo-qwen-1": { vendor: "qwen", account: "one" },
      "sk-demo-qwen-2": { vendor: "qwen", account: "two" },
      "sk-demo-deepseek": { vendor: "deepseek" }
    }
  })
  let server: MockServer.MockServer
  let face: Face
  beforeAll(async () => {
    server = await MockServer.listen(vendors)
  })
  beforeEach(async () => {
    face = await open({
      version: 1,
      providers: {
        qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen-1", "sk-demo-qwen-2"] },
        deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
      },
      routes: [
        {
          name: "aliyun",
          match: { model: { prefix: "qwen-" } },
          targets: [{ provider: "qwen" }],
          fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
        }
      ]
    })
  })
  afterEach(async () => {
    await face.close()
    vendors.reset()
  })
  afterAll(() => server.close())

  describe.each(["call", "stream"] as const)("%s", (way) => {
    const ask = () => face[way]("你是谁？")

    it("answers when everything is well", async () => {
      expect(await ask()).toEqual({ text: qwen, model: "qwen-turbo", outcomes: ["ok"] })
    })

    it("answers with the same model when a key is bad", async () => {
      vendors.setKey("sk-demo-qwen-1", { vendor: "qwen", account: "one", state: "invalid" })
      for (let i = 0; i < 5; i++) expect(await ask()).toMatchObject({ text: qwen, model: "qwen-turbo" })
    })

    it("answers with the fallback when the vendor is down", async () => {
      vendors.addFault({ vendor: "qwen", kind: "reset.before" })
      const { model, outcomes, text } = await ask()
      expect(model).toBe("deepseek-chat")
      expect(text).toContain(deepseek)
      expect(outcomes.at(0)).toBe("ConnectionFailed(ECONNRESET)")
      expect(outcomes.at(-1)).toBe("ok")
    })

    it("answers with the fallback, and once, when the answer is cut before content", async () => {
      vendors.addFault({ vendor: "qwen", kind: "cut.midstream", afterChunks: 0 })
      const { model, outcomes, text } = await ask()
      expect(model).toBe("deepseek-chat")
      expect(text.split(deepseek)).toHaveLength(3)
      expect(text).not.toContain("阿里")
      expect(outcomes.at(0)).toBe("Interrupted")
    })
  })
}
