import { Clock, MockNetwork, MockServer, MockTransport, Vendors } from "@understudy/mocks"
import { expect, it, onTestFinished } from "vitest"

const workspace = "https://ws-demo-7.ap-southeast-1.maas.aliyuncs.com"
const path = "/compatible-mode/v1/chat/completions"
const body = (model = "qwen3.7-plus") =>
  JSON.stringify({ model, messages: [{ role: "user", content: "Who are you?" }] })

/** What a transport answers, whole. */
const send = (origin: string, key: string, model?: string) => {
  const vendors = Vendors.make({ clock: Clock.manual(), keys: { "sk-demo-ws-1": { vendor: "qwen" } } })
  const heard = { status: 0, text: "", error: "" }
  MockTransport.make(vendors).send(
    { method: "POST", origin, path, headers: { authorization: `Bearer ${key}` }, body: body(model) },
    {
      onConnected: () => undefined,
      onHeaders: (status) => {
        heard.status = status
      },
      onData: (bytes) => {
        heard.text += Buffer.from(bytes).toString()
      },
      onEnd: () => undefined,
      onError: ({ code }) => {
        heard.error = code
      }
    }
  )
  vendors.clock.advance("1s")
  return heard
}

it.each([
  workspace,
  "https://ws-demo-7.cn-beijing.maas.aliyuncs.com",
  "https://dashscope-intl.aliyuncs.com",
  "https://dashscope-us.aliyuncs.com"
])("answers at %s as at its oldest host", (origin) => {
  expect(send(origin, "sk-demo-ws-1")).toMatchObject({ status: 200, text: expect.stringContaining("Alibaba Cloud") })
})

it.each([
  "https://token-plan.cn-beijing.maas.aliyuncs.com",
  "https://trial.ap-southeast-1.maas.aliyuncs.com",
  "https://maas.aliyuncs.com",
  `${workspace}.example.com`
])("does not take %s for a workspace", (origin) => {
  expect(send(origin, "sk-demo-ws-1").error).toBe("ERR_NOT_MOCKED")
})

it("refuses on a workspace's host in the words and the envelope of its gateway", () => {
  const error = (origin: string, key: string, model?: string) => {
    const { status, text } = send(origin, key, model)
    const { error, ...rest } = JSON.parse(text)
    return { status, message: error.message, fields: Object.keys(error), rest: Object.keys(rest) }
  }
  expect(error(workspace, "sk-demo-stranger")).toEqual({
    status: 401,
    message: expect.stringContaining("Invalid API-key provided."),
    fields: ["message", "id", "type", "code"],
    rest: []
  })
  expect(error(workspace, "sk-demo-ws-1", "qwen-9")).toMatchObject({ status: 404, message: "Model not exist." })
  expect(error("https://dashscope.aliyuncs.com", "sk-demo-stranger")).toMatchObject({
    fields: ["message", "type", "param", "code"],
    rest: ["request_id"]
  })
})

it("has a path for workspaces on a server", async () => {
  const server = await MockServer.listen(Vendors.make())
  onTestFinished(() => server.close())
  const headers = { authorization: "Bearer sk-demo-stranger" }
  const at = (place: string) =>
    fetch(`${server.url}/${place}${path}`, { method: "POST", headers, body: body() }).then((response) =>
      response.json()
    )
  expect(await at("qwen-workspace")).toMatchObject({ error: { id: expect.any(String) } })
  expect(await at("qwen")).toMatchObject({ request_id: expect.any(String) })
})

it("keeps requests to workspaces within the process, where the network is mocked", async () => {
  const network = MockNetwork.make(Vendors.make())
  network.enable()
  onTestFinished(() => network.disable())
  const response = await fetch(`${workspace}${path}`, { method: "POST", body: body() })
  expect([response.status, network.unhandled]).toEqual([401, []])
})
