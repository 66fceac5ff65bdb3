/** The control endpoints and the web pages of a browser on the same machine. */
import { request } from "node:http"
import { MockServer, Vendors } from "@understudy/mocks"
import { expect, it, onTestFinished } from "vitest"

const start = async () => {
  const vendors = Vendors.make({ acceptAnyKey: true })
  const server = await MockServer.listen(vendors)
  onTestFinished(() => server.close())
  /** Asks with headers that `fetch` would not send. */
  const ask = (headers: Readonly<Record<string, string>>, path = "/_mock/faults", method = "POST") =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const asked = request({ port: server.port, path, method, headers, agent: false }, (response) => {
        let body = ""
        response.setEncoding("utf8").on("data", (text: string) => {
          body += text
        })
        response.on("end", () => resolve({ status: response.statusCode, body }))
      })
      asked.on("error", reject)
      asked.end(method === "POST" ? '[{"vendor":"qwen","kind":"server.error"}]' : "")
    })
  return { vendors, ask, port: server.port }
}

it.each<[string, Record<string, string>]>([
  ["of another site", { origin: "https://evil.example", "content-type": "text/plain" }],
  ["of another port", { origin: "http://localhost:3000" }],
  ["of no site", { origin: "null" }],
  ["that hides its origin", { "sec-fetch-site": "cross-site" }],
  ["of another port that hides its origin", { "sec-fetch-site": "same-site" }],
  ["under a name that stands for this machine", { host: "evil.example:9090" }],
  ["under such a name, as its own", { host: "evil.example", origin: "http://evil.example" }]
])("do not answer a page %s, whatever it asks", async (_, headers) => {
  const { ask, vendors } = await start()
  for (const method of ["POST", "GET", "DELETE"]) {
    const { body, status } = await ask(headers, "/_mock/faults", method)
    expect(status).toBe(403)
    expect(JSON.parse(body).error).toMatch(/^the control endpoints do not answer/)
  }
  expect(vendors.faults()).toEqual([])
})

it("answer programs under addresses, localhost and names of the machine's network, and pages of their own", async () => {
  const { ask, port } = await start()
  for (const headers of [
    { host: `127.0.0.1:${port}` },
    { host: "[::1]:9090" },
    { host: "LOCALHOST" },
    { host: "mocks:9090" },
    { host: "host.docker.internal" },
    { "sec-fetch-site": "none" },
    { host: "localhost:9090", origin: "http://localhost:9090", "sec-fetch-site": "same-origin" }
  ] as Array<Record<string, string>>)
    expect((await ask(headers)).status).toBe(201)
})
