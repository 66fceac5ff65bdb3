/**
 * The two wires that texts are asked for in: chat completions and text completions. How a request is phrased, and how its
 * answer is read; everything between is the same.
 */

import type { ApiKey } from "../../key/ApiKey.ts"
import * as Provider from "../../provider/Provider.ts"
import type { UpstreamRequest } from "../../upstream/Upstream.ts"
import type { ChatCompletion, ChatCompletionRequest, ModelRequest, Said } from "../../wire/ChatCompletion.ts"
import * as Asked from "../exchange/Asked.ts"
import type { AttemptContext, MakeReader } from "../exchange/Exchange.ts"
import type { JsonAnswer } from "../exchange/JsonAnswer.ts"
import * as JsonReader from "../exchange/JsonReader.ts"
import type { Sink } from "../exchange/Sink.ts"
import * as Chunk from "../wire/Chunk.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"

/** One wire: its requests and its whole answers. */
export interface Wire<R extends ModelRequest, A> {
  readonly toRequest: (
    provider: Provider.Provider,
    key: ApiKey,
    body: Provider.Body<R>,
    model: string,
    stream: boolean
  ) => UpstreamRequest
  /** True when such a request is answered only as a stream. */
  readonly isStreamOnly: (provider: Provider.Provider, request: R, model: string) => boolean
  readonly askedBy: (request: R) => Asked.Asked
  readonly reader: (
    context: AttemptContext,
    asked: Asked.Asked,
    opened: (said: Said) => void
  ) => MakeReader<JsonAnswer<A>>
}

/** Chat completions. */
export const chat: Wire<ChatCompletionRequest, ChatCompletion> = {
  toRequest: Provider.toChatRequest,
  isStreamOnly: Provider.isStreamOnly,
  askedBy: Asked.byChat,
  reader: JsonReader.chat
}

/** Text completions. */
export const text: Wire<TextCompletion.TextCompletionRequest, TextCompletion.TextCompletion> = {
  toRequest: Provider.toTextRequest,
  isStreamOnly: () => false,
  askedBy: Asked.byText,
  reader: JsonReader.text
}

/** A sink of text chunks for a stream that was read as a chat's. */
export const inText = (sink: Sink): Sink => ({
  begin: sink.begin,
  write: (batch) => {
    const chunks = batch.chunks.map(TextCompletion.fromChunk)
    sink.write(chunks.length === 0 ? batch : { chunks, bytes: Buffer.concat(chunks.map(Chunk.toBytes)) })
  }
})
