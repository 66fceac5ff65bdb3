/**
 * A careful client as somebody writes it by hand who knows the two vendors' documentation and nothing of Understudy: `fetch`, the
 * other vendor as a fallback, a memory for what is down, and no answer that is not whole. `careful.test.ts` says what it gets through.
 */
import * as Client from "@understudy/lab/run/Client"

type Vendor = "deepseek" | "qwen"
type Content = (piece: string) => void

class Refused extends Error {
  readonly status: number
  readonly wait: number
  constructor(status: number, retryAfter: string | null) {
    super(`The vendor answered ${status}`)
    this.status = status
    this.wait = Number(retryAfter ?? Number.NaN) * 1_000 || 10_000
  }
}

/** Reads a stream to its end; `alive` is called for every piece of content. */
const read = async (response: Response, content: Content, alive: () => void): Promise<Client.LabReply> => {
  const reply = { text: "", finish: "" }
  let held = ""
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (held + text).split("\n")
    held = lines.pop() ?? ""
    for (const line of lines) {
      if (!line.startsWith("data:") || line.includes("[DONE]")) continue
      const chunk = JSON.parse(line.slice(5))
      if (chunk.error !== undefined) throw new Refused(500, null)
      const { delta = {}, finish_reason: finish } = chunk.choices?.[0] ?? {}
      reply.finish = finish ?? reply.finish
      if (!delta.content && !delta.reasoning_content) continue
      alive()
      reply.text += delta.content ?? ""
      content(delta.content ?? "")
    }
  }
  if (!/^(stop|length|content_filter)$/.test(reply.finish)) throw new Error("The answer is not whole")
  return reply
}

/** The client. */
export const careful = Client.make("careful", ({ clock, deepseek, fetch, qwen }) => {
  const vendors = { deepseek: { ...deepseek, model: "deepseek-flash" }, qwen: { ...qwen, model: "qwen-plus" } }
  const resting = new Map<string, number>()
  const rest = (name: string, millis: number) => resting.set(name, clock.now() + millis)
  const isResting = (name: string): boolean => (resting.get(name) ?? 0) > clock.now()

  // A stream, whatever the caller wants: silence shows in no other way.
  const ask = async (url: string, key: string, body: object, content: Content, signal: AbortSignal) => {
    const call = new AbortController()
    signal.addEventListener("abort", () => call.abort(signal.reason))
    let watch = new AbortController()
    const alive = (): void => {
      watch.abort()
      watch = new AbortController()
      const silent = (): void => call.abort(new Error("The vendor fell silent"))
      clock.sleep(10_000, watch.signal).then(silent, () => undefined)
    }
    alive()
    try {
      const response = await fetch(`${url}/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ ...body, stream: true }),
        signal: call.signal
      })
      if (!response.ok) throw new Refused(response.status, response.headers.get("retry-after"))
      return await read(response, content, alive)
    } finally {
      watch.abort()
      call.abort()
    }
  }

  return async ({ messages, model, stream }, { content, signal }) => {
    const own: Vendor = model.startsWith("deepseek") ? "deepseek" : "qwen"
    const other: Vendor = own === "qwen" ? "deepseek" : "qwen"
    const ways = [own, other].flatMap((vendor) => vendors[vendor].keys.map((key) => ({ vendor, key })))
    let shown = false
    const show: Content = (piece) => {
      if (!stream) return
      shown = true
      content(piece)
    }
    let failure: unknown = new Error("Every vendor is resting: try again in a moment")
    for (const { key, vendor } of ways) {
      if (isResting(key) || isResting(vendor)) continue
      const asked = vendor === own ? model : vendors[vendor].model
      try {
        return await ask(vendors[vendor].baseUrl, key, { model: asked, messages }, show, signal)
      } catch (error) {
        failure = error
        const { status, wait } = error instanceof Refused ? error : { status: 0, wait: 0 }
        if (shown || signal.aborted || [400, 413, 422].includes(status)) throw error
        if ([401, 402, 403].includes(status)) rest(key, 60_000)
        else if (status === 429) rest(key, wait)
        else if (status !== 404) rest(vendor, 30_000)
      }
    }
    throw failure
  }
})
