/** What a browser gets of the console. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { serve } from "./support.ts"

const built = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "understudy-pages-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, "assets"))
  writeFileSync(join(folder, "index.html"), '<script src="/assets/a-1.js" nonce="__CSP_NONCE__"></script>')
  writeFileSync(join(folder, "assets/a-1.js"), "plain")
  writeFileSync(join(folder, "assets/a-1.js.br"), "as brotli")
  writeFileSync(join(folder, "assets/a-1.js.gz"), "as gzip")
  writeFileSync(join(folder, "secret"), "not for browsers")
  return folder
}

/** Without what `fetch` does to addresses and encodings. */
const raw = (url: string, path: string, headers: Record<string, string> = {}, method = "GET") =>
  new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | Array<string>> }>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      let text = ""
      response.setEncoding("utf8").on("data", (part) => {
        text += part
      })
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }))
    })
    sent.on("error", reject).end()
  })

describe("a browser", () => {
  it("gets the document for every page, with a nonce of its own in a policy without unsafe words", async () => {
    const { admin } = await serve({ console: built() })
    const seen = new Set<string>()
    for (const path of ["/", "/providers", "/requests/123?window=1h"]) {
      const { headers, status, text } = await raw(admin.url, path)
      const policy = String(headers["content-security-policy"])
      const [, nonce = ""] = /'nonce-([^']+)'/.exec(policy) ?? []
      expect(status).toBe(200)
      expect(text).toBe(`<script src="/assets/a-1.js" nonce="${nonce}"></script>`)
      expect(policy).not.toContain("unsafe")
      expect(policy).toContain("default-src 'none'; script-src 'self';")
      expect(headers["cache-control"]).toBe("no-store")
      seen.add(nonce)
    }
    expect(seen.size).toBe(3)
  })

  it.each([
    ["gzip, deflate, br", "br", "as brotli"],
    ["br;q=0, gzip", "gzip", "as gzip"],
    ["deflate", undefined, "plain"]
  ])("that accepts %s gets a file as it was compressed, to keep for a year", async (accepts, encoding, body) => {
    const { admin } = await serve({ console: built() })
    const { headers, text } = await raw(admin.url, "/assets/a-1.js", { "accept-encoding": accepts })
    expect([headers["content-encoding"], text]).toEqual([encoding, body])
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable")
    expect(headers["vary"]).toBe("accept-encoding")
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8")
  })

  it.each([
    "/assets/none-2.js",
    "/../admin.db",
    "/assets/../secret",
    "/assets/..%2Fsecret",
    "/.env",
    "/secret.txt",
    "/api/v1/none"
  ])("gets nothing at %s", async (path) => {
    const { admin } = await serve({ console: built() })
    const { status, text } = await raw(admin.url, path)
    expect(status).toBe(404)
    expect(JSON.parse(text)).toMatchObject({ _tag: "NotFound" })
  })

  it("that asks for heads gets no body, and one that posts to a page nothing", async () => {
    const { admin } = await serve({ console: built() })
    const head = await raw(admin.url, "/", {}, "HEAD")
    expect([head.status, head.text, Number(head.headers["content-length"]) > 0]).toEqual([200, "", true])
    expect((await raw(admin.url, "/", {}, "POST")).status).toBe(404)
  })

  it("is told in words where the console was not built", async () => {
    const { admin } = await serve()
    const { status, text } = await raw(admin.url, "/")
    expect(status).toBe(503)
    expect(text).toContain("npm run build --workspace packages/console")
  })
})
