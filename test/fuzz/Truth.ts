/**
 * What a body says, read by a second reader that shares nothing with the first: slow, naive, and of one mind. It is asked
 * whether an answer may be called whole, and what its text is.
 */

/** What is known of a body. */
export interface Truth {
  /** May a success be told of it? */
  readonly whole: boolean
  /** The text of the first choice; undefined where its shape leaves room for opinions. */
  readonly text: string | undefined
}

interface Choice {
  text: string
  finish: string | undefined
}

const gaveUp = new Set(["null", "error", "abort", "aborted", "insufficient_system_resource"])

/** What keeps a connection alive and says nothing. */
const empty = new Set(["", "null", '""', "[]", "{}"])

const nothing: Truth = { whole: false, text: undefined }

const isRecord = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const ofJson = (json: unknown): Truth => {
  if (!isRecord(json) || !Array.isArray(json["choices"])) return nothing
  const [first] = json["choices"]
  const text = isRecord(first) && isRecord(first["message"]) ? first["message"]["content"] : undefined
  const isPlain = json["choices"].length === 1 && typeof text === "string" && json["choices"][0].index === 0
  return { whole: true, text: isPlain ? text : undefined }
}

const ofEvents = (text: string, ending: "end" | "cut" | "silence", n: number): Truth => {
  const lines = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n")
  const frames = lines.split("\n\n")
  const choices = new Map<string, Choice>()
  let done = false
  let isPlain = true
  for (const frame of frames) {
    const fields = frame.split("\n").filter((line) => line !== "" && !line.startsWith(":"))
    const data = fields.flatMap((line) =>
      line.startsWith("data:") ? [line.slice(line.startsWith("data: ") ? 6 : 5)] : []
    )
    if (fields.some((line) => /^event: ?error$/.test(line)) || fields.some((line) => line.startsWith("error:")))
      return nothing
    if (data.length !== 1 || fields.length !== 1) {
      if (data.length > 1 || fields.some((line) => line.startsWith("{") || line.startsWith("["))) isPlain = false
      if (data.length === 0 && !/^[{[]/m.test(frame)) continue
    }
    // JSON that stands behind a field of another name is read as JSON that stands alone.
    const joined = data.length === 0 ? frame.slice(frame.search(/^[{[]/m)) : data.join("\n")
    if (empty.has(joined.trim())) continue
    if (joined === "[DONE]") {
      done = true
      break
    }
    const json = parse(joined)
    if (!isRecord(json)) {
      // Half a frame at the very end is what a cut leaves behind.
      if (frame === frames.at(-1) && json === undefined) continue
      return nothing
    }
    if (!Array.isArray(json["choices"])) continue
    for (const [position, choice] of json["choices"].entries()) {
      if (!isRecord(choice)) continue
      const index =
        typeof choice["index"] === "string" && choice["index"] !== "" ? Number(choice["index"]) : choice["index"]
      const at = String(Number.isSafeInteger(index) && index >= 0 ? index : position)
      const known = choices.get(at) ?? { text: "", finish: undefined }
      choices.set(at, known)
      const delta = choice["delta"]
      if (
        !isRecord(delta) ||
        !(delta["content"] == null || typeof delta["content"] === "string") ||
        choice["message"] !== undefined
      )
        isPlain = false
      else known.text += delta["content"] ?? ""
      const finish = choice["finish_reason"]
      if (typeof finish === "string" && finish !== "" && !gaveUp.has(finish)) known.finish = finish
    }
  }
  const finished = [...choices.values()].filter(({ finish }) => finish !== undefined).length
  const ended = done || ending === "end" || finished > 0
  const whole = ended && finished >= n && finished === choices.size
  const single = choices.get("0")
  return { whole, text: isPlain && choices.size === 1 && single !== undefined ? single.text : undefined }
}

/** What the body says. `n`: choices that were asked for. */
export const of = (bytes: Buffer, ending: "end" | "cut" | "silence", n: number): Truth => {
  const text = bytes.toString("utf8").replace(/^\s*\uFEFF?\s*/, "")
  if (/^[{[]/.test(text)) return ofJson(parse(text))
  return ofEvents(text, ending, n)
}
