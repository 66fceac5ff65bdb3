/**
 * Reads what vendors put into the body of an error, in every shape that has been seen.
 *
 * | shape                                                            | read as                                     |
 * | ---------------------------------------------------------------- | ------------------------------------------- |
 * | `{"error":{message,type,code,param}}`                            | its fields                                  |
 * | `{"error":"…"}`, `{"error":"…","message":"…"}`                    | the text; with a message, the text is a type |
 * | `[{"error":{code,message,status}}]`                              | the first that says something               |
 * | `{code,message}`, `{"object":"error",…}`, `{"Message":"…"}`      | the native shape itself                     |
 * | `{"detail":"…"}`, `{"detail":[{loc,msg}]}`, `{"errors":[…]}`     | the texts, with their places                |
 * | `{"base_resp":{status_code,status_msg}}`                         | code and message; 0 is no error             |
 * | JSON in the message, `metadata.raw`                              | the words of the vendor behind this one     |
 * | `data:` lines of an event stream, lines of JSON                  | the first that says something               |
 * | `"…"`, plain text, HTML, nothing                                 | the message                                 |
 *
 * Total: no shape and no depth throws, whatever it holds.
 */
import * as Predicate from "effect/Predicate"
import * as Inspect from "../wire/Inspect.ts"
import * as Json from "../wire/Json.ts"

/** The fields of an error, as far as they were there. */
export interface ErrorBody {
  readonly message: string
  readonly type: string | undefined
  readonly code: string | undefined
  readonly param: string | undefined
  /** The HTTP status that the error names for itself, 400 to 599: inside a 200 it is the one that counts. */
  readonly status?: number | undefined
  /** Further words to tell the error by: those of a vendor behind this one, the reason in its details. */
  readonly detail?: string | undefined
  /** What else the error holds, and what stands beside it: `innererror`, `metadata`, `request_id`, whatever it is called. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => Predicate.isObject(value)

/** A text that says something; numbers are texts too. */
const text = (value: unknown): string | undefined => {
  if (typeof value === "number") return String(value)
  return typeof value === "string" && value.trim() !== "" ? value : undefined
}

const first = <A>(
  fields: Fields,
  names: ReadonlyArray<string>,
  read: (value: unknown) => A | undefined
): A | undefined => {
  for (const name of names) {
    const value = read(fields[name])
    if (value !== undefined) return value
  }
  return undefined
}

/** Bodies nest (a message that is an error's JSON, an error in an error): deeper than this nobody meant it. */
const maxDepth = 4

const { codeNames, statusNames, statusOf, wordNames } = Inspect
const typeNames = ["type", "__type", "status"]

const isWord = (value: unknown): string | undefined => (statusOf(value) === undefined ? text(value) : undefined)

const listed = (texts: ReadonlyArray<string | undefined>, by: string): string | undefined => {
  const filled = texts.filter((each) => each !== undefined && each !== "")
  return filled.length === 0 ? undefined : filled.join(by)
}

const toPlace = (value: unknown): string | undefined =>
  Array.isArray(value) ? listed(value.map(text), ".") : text(value)

/** One entry of a list of problems. Only its words: beside them such entries hold what the caller sent. */
const toProblem = (value: unknown): string | undefined => {
  if (!isFields(value)) return text(value)
  const place = toPlace(value["loc"] ?? value["field"] ?? value["path"])
  const message = first(value, wordNames, text)
  return message === undefined || place === undefined ? message : `${place}: ${message}`
}

/** The words of a text, of a list of problems, or of an object that holds either. */
const toWords = (value: unknown, depth: number): string | undefined => {
  if (Array.isArray(value)) return listed(value.slice(0, 20).map(toProblem), "; ")
  return isFields(value) ? read(value, depth + 1)?.message : text(value)
}

/** Only these of the details: others repeat the caller's prompt. */
const detailNames = ["raw", "limit_source", "reason", "quotaId", "code"]

const toDetail = (value: unknown, depth: number): ReadonlyArray<string> => {
  if (depth > maxDepth) return []
  if (Array.isArray(value)) return value.slice(0, 20).flatMap((each) => toDetail(each, depth + 1))
  if (!isFields(value)) return []
  const own = detailNames.flatMap((name) => text(value[name]) ?? [])
  return [...own, ...["violations", "raw"].flatMap((name) => toDetail(value[name], depth + 1))]
}

/** The error whose JSON, or whose line of an event stream, is the whole of a message. */
const wrapped = (message: string, depth: number): ErrorBody | undefined =>
  /^\s*(\{|\[|data:|event:)/.test(message) ? readText(message, depth + 1) : undefined

const readMessage = (error: unknown, fields: Fields, depth: number): string | undefined =>
  first(fields, wordNames, (value) => toWords(value, depth)) ??
  (isFields(error) ? undefined : toWords(error, depth)) ??
  first(fields, ["detail", "errors", "title", "error_description"], (value) => toWords(value, depth))

/** The object that holds the error's fields: a member of the body, or the body itself. */
const innerOf = (body: Fields): Fields => {
  for (const name of ["error", "base_resp", "detail"]) {
    const inner = body[name]
    if (isFields(inner) && Object.keys(inner).length > 0) return inner
  }
  const list = body["error"] ?? (first(body, wordNames, text) === undefined ? body["errors"] : undefined)
  const [problem] = Array.isArray(list) ? list : []
  return isFields(problem) ? problem : body
}

/** Beside an error inside an answer stands the answer. */
const ofAnswers = new Set(["choices", "delta", "finish_reason", "index", "logprobs", "message", "text", "usage"])
const named = new Set(["message", "type", "code", "param"])

const furtherOf = (body: Fields, inner: Fields): Fields | undefined => {
  const beside =
    body === inner ? [] : Object.entries(body).filter(([name, value]) => !holds(value, inner) && !ofAnswers.has(name))
  const further = [...Object.entries(inner).filter(([name]) => !named.has(name)), ...beside]
  return further.length === 0 ? undefined : Object.fromEntries(further)
}

const holds = (value: unknown, inner: Fields): boolean =>
  value === inner || (Array.isArray(value) && value.includes(inner))

const readFields = (body: Fields, depth: number): ErrorBody | undefined => {
  const fields = innerOf(body)
  const said = typeof body["error"] === "string" ? text(body["error"]) : undefined
  const nested = isFields(fields["error"]) && fields !== body ? read(fields["error"], depth + 1) : undefined
  const message = readMessage(said ?? fields["error"], fields, depth) ?? nested?.message ?? said
  const code = first(fields, codeNames, text) ?? nested?.code ?? first(body, codeNames, text)
  const type = first(fields, typeNames, isWord) ?? nested?.type ?? (message === said ? undefined : said)
  if (message === undefined && code === undefined && type === undefined) return undefined
  const inner = message === undefined ? undefined : wrapped(message, depth)
  const details = [fields["metadata"], fields["details"], fields["innererror"]].flatMap((each) => toDetail(each, depth))
  // A name where a number is the code, and a sentence that stands beside a message.
  const beside = [text(fields["reason"]), message !== said && /\s/.test(said ?? "") ? said : undefined]
  return {
    message: inner?.message ?? message ?? "",
    type: inner?.type ?? type,
    code: inner?.code ?? code,
    param: inner?.param ?? toPlace(fields["param"]),
    status:
      first(fields, statusNames, statusOf) ?? first(body, statusNames, statusOf) ?? nested?.status ?? inner?.status,
    detail: listed([...details, ...beside, nested?.detail, inner?.detail], "\n"),
    fields: furtherOf(body, fields)
  }
}

const read = (json: unknown, depth: number): ErrorBody | undefined => {
  if (depth > maxDepth) return undefined
  if (typeof json === "string") return text(json) === undefined ? undefined : (wrapped(json, depth) ?? plain(json))
  if (isFields(json)) return readFields(json, depth)
  if (!Array.isArray(json)) return undefined
  for (const each of json.slice(0, 20)) {
    const found = read(each, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

const plain = (message: string): ErrorBody => ({ message, type: undefined, code: undefined, param: undefined })

const isEventStream = /^(data|event|id|retry|:)/

/** The payloads of a text in lines: of an event stream, or one JSON a line. Anything else has none. */
const payloadsOf = (body: string): ReadonlyArray<string> => {
  if (isEventStream.test(body)) {
    return body
      .split(/\r\n\r\n|\n\n|\r\r/)
      .map((event) =>
        event
          .split(/\r\n|\n|\r/)
          .flatMap((line) => /^data: ?(.*)$/.exec(line)?.[1] ?? [])
          .join("\n")
      )
      .filter((data) => data !== "" && data !== "[DONE]")
  }
  return body.startsWith("{") ? body.split("\n", 20) : []
}

const readText = (body: string, depth: number): ErrorBody | undefined => {
  const json = Json.parse(body)
  if (json !== undefined) return read(json, depth)
  const payloads = payloadsOf(body.trimStart())
  for (const payload of payloads) {
    const found = read(Json.parse(payload), depth)
    if (found !== undefined) return found
  }
  const [words] = payloads
  return words === undefined || words.startsWith("{") ? undefined : plain(words)
}

/** The fields of a parsed error; undefined where nothing of it says anything. */
export const fromJson = (json: unknown): ErrorBody | undefined => read(json, 0)

/** The error inside a parsed answer or frame; undefined where there is none. */
export const within = (body: unknown): ErrorBody | undefined => {
  const error = Inspect.errorOf(body)
  return error === undefined ? undefined : (fromJson(error) ?? plain("an error that says nothing"))
}

/** The error that stands where an answer should: words alone will do, for there is nothing else. */
export const instead = (body: unknown): ErrorBody | undefined => {
  const error = isFields(body) && body["choices"] == null ? fromJson(body) : undefined
  return error?.message ? error : undefined
}

/** Reads a body; plain text (a 401 without credentials, a proxy's HTML) becomes the message. */
export const parse = (body: string): ErrorBody => {
  const trimmed = body.replace(/^\uFEFF/, "").trim()
  return readText(trimmed, 0) ?? plain(trimmed)
}
