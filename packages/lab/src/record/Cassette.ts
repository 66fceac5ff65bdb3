/**
 * What a real vendor answered, in a file: `{ "format": "understudy-cassette", "version": 1, "exchanges": [Exchange, ...] }`.
 *
 * | field                | what it holds                                                                              |
 * | -------------------- | ------------------------------------------------------------------------------------------ |
 * | `asked.path`         | the path below the vendor's base URL                                                       |
 * | `asked.options`      | the request's fields besides its messages: numbers, switches, words of the API, lengths of lists; else `…` |
 * | `asked.body`         | 16 hexadecimal digits of the SHA-256 of the body, to tell requests apart                   |
 * | `asked.text`         | the body, with its secrets masked, where prompts are kept                                  |
 * | `waited`             | milliseconds until the headers; a replay does not wait for them                            |
 * | `brokenOff`          | the client or the recorder ended it, not the vendor                                        |
 * | `recording`          | the answer, as the mocks play it                                                           |
 *
 * An exchange is one line and its fields have a fixed order, so cassettes can be compared by line. Secrets are gone before
 * anything is written (`Redaction`).
 *
 * **Example** (a mock that answers what the vendor once did)
 *
 * ```ts
 * import { Cassette } from "@understudy/lab"
 * import { Vendors } from "@understudy/mocks"
 *
 * const cassette = Cassette.create("recorded.json")
 * cassette.add({
 *   asked: { path: "/chat/completions", options: {}, body: "9f86d081884c7d65" },
 *   waited: 90,
 *   recording: {
 *     ...{ vendor: "qwen", model: "qwen-plus", stream: false, status: 200 },
 *     ...{ headers: [], frames: [{ after: 300, data: '{"choices":[]}' }], end: "complete" }
 *   }
 * })
 * cassette.close()
 * const vendors = Vendors.make({ acceptAnyKey: true, recordings: Cassette.recordings("recorded.json") })
 * ```
 *
 * **Example** (a file that may not fit, without throwing)
 *
 * ```ts
 * import { Cassette } from "@understudy/lab"
 *
 * Cassette.load("missing.json")._tag // => "Failure"
 * Cassette.encode([]).split("\n").length // => 7
 * ```
 */

import * as fs from "node:fs"
import * as Recording from "@understudy/mocks/Recording"
import { names } from "@understudy/mocks/VendorList"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CassetteError, type CassetteReason } from "./CassetteError.ts"

const { Boolean, Finite, String } = Schema

const Asked = Schema.Struct({
  path: String,
  options: Schema.Record(String, Schema.Unknown),
  body: String,
  text: Schema.optionalKey(String)
})

const Exchange = Schema.Struct({
  asked: Asked,
  waited: Finite,
  brokenOff: Schema.optionalKey(Boolean),
  recording: Schema.Struct({
    vendor: Schema.Literals(names),
    model: String,
    stream: Boolean,
    status: Finite,
    headers: Schema.Array(Schema.Tuple([String, String])),
    frames: Schema.Array(Schema.Struct({ after: Finite, data: String })),
    end: Schema.Literals(["complete", "cut", "reset", "half-close", "stall"])
  })
})

/** What of a request is kept. */
export type Asked = typeof Asked.Type

/** One request and its answer. */
export type Exchange = typeof Exchange.Type

const head = '{\n"format": "understudy-cassette",\n"version": 1,\n"exchanges": ['
const tail = "\n]\n}\n"

const toLine = ({ asked, brokenOff, recording, waited }: Exchange): string => {
  const { body, options, path, text } = asked
  const { end, frames, headers, model, status, stream, vendor } = recording
  return JSON.stringify({
    asked: { path, options, body, text },
    waited,
    brokenOff,
    recording: { vendor, model, stream, status, headers, frames, end }
  })
}

/** The text of a cassette. */
export const encode = (exchanges: ReadonlyArray<Exchange>): string =>
  `${head}${exchanges.map((exchange) => `\n${toLine(exchange)}`).join(",")}${tail}`

const firstLines = (message: string): string =>
  message
    .split("\n")
    .slice(0, 2)
    .map((each) => each.trim())
    .join(" ")

const parse = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Unknown))

const parseHead = Schema.decodeUnknownResult(
  Schema.Struct({ format: Schema.Literal("understudy-cassette"), version: Schema.optionalKey(Schema.Unknown) })
)

const parseExchanges = Schema.decodeUnknownResult(Schema.Struct({ exchanges: Schema.Array(Exchange) }))

const whyOf = (error: unknown): string => firstLines(error instanceof Error ? error.message : globalThis.String(error))

const decode = (text: string, source: string): Result.Result<ReadonlyArray<Exchange>, CassetteError> => {
  const fail = (reason: CassetteReason) => Result.fail(new CassetteError({ source, reason }))
  const json = parse(text)
  if (Result.isFailure(json)) return fail({ _tag: "NotJson", why: whyOf(json.failure) })
  const found = parseHead(json.success)
  if (Result.isFailure(found)) return fail({ _tag: "NotACassette" })
  if (found.success.version !== 1) return fail({ _tag: "OtherVersion", version: found.success.version })
  const parsed = parseExchanges(json.success)
  if (Result.isFailure(parsed)) return fail({ _tag: "Damaged", why: whyOf(parsed.failure) })
  const { exchanges } = parsed.success
  const checked = Result.try({ try: () => exchanges.map(({ recording }) => Recording.make(recording)), catch: whyOf })
  return Result.isFailure(checked) ? fail({ _tag: "Damaged", why: checked.failure }) : Result.succeed(exchanges)
}

/** Reads a cassette's file. */
export const load = (file: string): Result.Result<ReadonlyArray<Exchange>, CassetteError> =>
  Result.try({
    try: () => fs.readFileSync(file, "utf8"),
    catch: (error) => new CassetteError({ source: file, reason: { _tag: "Unreadable", why: whyOf(error) } })
  }).pipe(Result.flatMap((text) => decode(text, file)))

/** The recordings of a cassette's file, for the mocks. Throws a CassetteError. */
export const recordings = (file: string): ReadonlyArray<Recording.Recording> =>
  Result.getOrThrow(load(file)).map(({ recording }) => recording)

/** A cassette that is being written: a whole file after every exchange, whatever happens to the process. */
export interface Writer {
  /** How many exchanges are in the file. */
  readonly count: () => number
  add(exchange: Exchange): void
  /** Closes the file; one without any exchange is removed. */
  close(): void
}

/** Creates a cassette's file, for its owner only. Throws when it exists or cannot be created. */
export const create = (file: string): Writer => {
  const descriptor = fs.openSync(file, "wx", 0o600)
  let [count, end] = [0, Buffer.byteLength(head)]
  fs.writeSync(descriptor, encode([]))
  return {
    count: () => count,
    add: (exchange) => {
      const line = `${count === 0 ? "" : ","}\n${toLine(exchange)}`
      // One write over the old tail: the file is never without its end.
      fs.writeSync(descriptor, `${line}${tail}`, end)
      end += Buffer.byteLength(line)
      count++
    },
    close: () => {
      fs.closeSync(descriptor)
      if (count === 0) fs.unlinkSync(file)
    }
  }
}
