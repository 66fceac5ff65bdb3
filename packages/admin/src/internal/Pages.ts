/**
 * The console's files: what a browser gets where the API has nothing.
 *
 * **Details**
 *
 * - A file under `/assets/` has its content's hash in its name and is kept by browsers for a year; it was compressed when it was
 *   built, and goes out as it lies on the disk.
 * - Every other path without an extension is a page of the console, and is answered with its one document. That is made per
 *   request, as it holds the nonce of its own policy, and is never kept.
 * - Without a folder, or with one where nothing was built, the document says so in words.
 */
import { randomBytes } from "node:crypto"
import { readFile } from "node:fs/promises"
import type { IncomingMessage } from "node:http"
import { extname, join } from "node:path"

/** What is sent. */
export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".md": "text/markdown; charset=utf-8"
}

/** The text that stands for the nonce in the document as it is built. */
const nonceMark = "__CSP_NONCE__"

const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'"
  ].join("; ")

const document = (status: number, text: string): Page => {
  const nonce = randomBytes(16).toString("base64")
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy(nonce),
      "cache-control": "no-store"
    },
    body: text.replaceAll(nonceMark, nonce)
  }
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Understudy</title>
<h1>The console is not there</h1>
<p>The API is: <a href="/docs">/docs</a>. In a checkout, <code>npm run build --workspace packages/console</code> builds the console.</p>
<h1 lang="zh">控制台还没有构建</h1>
<p lang="zh">API 可以使用：<a href="/docs">/docs</a>。在源码目录里执行 <code>npm run build --workspace packages/console</code> 即可构建控制台。</p>
</html>
`

/** A file's content; undefined where there is none. */
const contentOf = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined)

/** The ways in which a file was compressed, the smallest first. */
const encodings = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" }
] as const

const accepts = (request: IncomingMessage, encoding: string): boolean =>
  String(request.headers["accept-encoding"] ?? "")
    .split(",")
    .some((each) => {
      const [name = "", weight = ""] = each.trim().split(/\s*;\s*/)
      return name === encoding && !/^q=0(\.0*)?$/.test(weight)
    })

const file = async (folder: string, path: string, request: IncomingMessage): Promise<Page | undefined> => {
  const type = types[extname(path)]
  if (type === undefined) return undefined
  const headers = {
    "content-type": type,
    "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    vary: "accept-encoding"
  }
  for (const { name, suffix } of encodings) {
    const body = accepts(request, name) ? await contentOf(join(folder, `${path}${suffix}`)) : undefined
    if (body !== undefined) return { status: 200, headers: { ...headers, "content-encoding": name }, body }
  }
  const body = await contentOf(join(folder, path))
  return body === undefined ? undefined : { status: 200, headers, body }
}

/** One folder deep, and no name that leads out of it. */
const isFile = /^\/(?:assets\/)?[\w-][\w.-]*\.\w+$/

/** Answers a request that the API has nothing for; undefined where there is nothing here either. */
export const make =
  (folder: string | undefined) =>
  async (request: IncomingMessage): Promise<Page | undefined> => {
    const { method, url = "/" } = request
    const [path = "/"] = url.split(/[?#]/)
    if ((method !== "GET" && method !== "HEAD") || path.startsWith("/api/")) return undefined
    if (isFile.test(path)) return folder === undefined ? undefined : file(folder, path, request)
    if (path.includes(".")) return undefined
    const built = folder === undefined ? undefined : await contentOf(join(folder, "index.html"))
    return built === undefined ? document(503, notBuilt) : document(200, built.toString())
  }
