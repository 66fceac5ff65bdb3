/**
 * A chat model of LangChain that stays answered when a key, a model or a vendor fails.
 *
 * ```
 * chain, agent, retriever ─▶ ChatUnderstudy ─▶ ChatModel ─▶ failover over keys, targets and vendors
 * ```
 *
 * **Details**
 *
 * - Options (`model`, `temperature`, `conversationId`, `extraBody`, ...) are given to the constructor, to `withConfig` or with a
 *   call; the later one wins.
 * - `response_metadata` holds `model_name` (who really answered), `provider`, `route`, `finish_reason` and the `trail`.
 *   Thinking is in `additional_kwargs.reasoning_content`, and a block of `contentBlocks`.
 * - `withStructuredOutput` asks for the schema, which every target is put in its own way; `method: "functionCalling"` has it
 *   as the parameters of a tool that has to be called. The text of an answer that was to be JSON is the JSON alone.
 * - Calls whose arguments are no JSON object are among `invalid_tool_calls`, streamed ones as well; in a history they go back
 *   to the vendor as calls, each with its result: the `ToolMessage` for it, or its error where there is none.
 * - What fails is the `ChatModelError`, at once: failover has repeated already what is worth repeating.
 * - An engine is started with the first call; `close` ends it. A `chatModel` that is given stays its owner's to close.
 *
 * **Gotchas**
 *
 * A `withFallbacks` around it is for what no vendor can do; between vendors, routes do it better.
 *
 * **Example** (A chain)
 *
 * ```ts
 * import { StringOutputParser } from "@langchain/core/output_parsers"
 * import { ChatPromptTemplate } from "@langchain/core/prompts"
 * import { ChatUnderstudy } from "@understudy/langchain"
 *
 * const model = new ChatUnderstudy({ path: "understudy.yaml", model: "qwen-plus" })
 * const chain = ChatPromptTemplate.fromTemplate("Tell me a joke about {topic}").pipe(model).pipe(new StringOutputParser())
 * for await (const text of await chain.stream({ topic: "cats" })) process.stdout.write(text)
 * await model.close()
 * ```
 */
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager"
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base"
import * as Models from "@langchain/core/language_models/chat_models"
import {
  assembleStructuredOutputPipeline,
  createContentParser,
  createFunctionCallingParser
} from "@langchain/core/language_models/structured_output"
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages"
import type { ChatGenerationChunk, ChatResult } from "@langchain/core/outputs"
import type { Runnable } from "@langchain/core/runnables"
import { toJsonSchema } from "@langchain/core/utils/json_schema"
import type { SerializableSchema } from "@langchain/core/utils/standard_schema"
import type { InteropZodType } from "@langchain/core/utils/types"
import type { Prompt } from "@understudy/chat-model/Prompt"
import { ChatOptions, PromiseChatModel } from "@understudy/chat-model/promise"
import type { Remote } from "@understudy/chat-model/Remote"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as AnswerWriter from "./internal/AnswerWriter.ts"
import * as MessageReader from "./internal/MessageReader.ts"
import * as Settings from "./internal/Settings.ts"
import * as Tools from "./internal/Tools.ts"

/** Where the answers come from, one of these; without any, `UNDERSTUDY_CONFIG`, else `./understudy.yaml`. */
interface Source {
  /** Where `understudy.yaml` is. */
  readonly path?: string | undefined
  /** An object of the same shape. */
  readonly config?: UnderstudyOptions | undefined
  /** A gateway. */
  readonly remote?: Remote | undefined
  /** A ChatModel that is open already. */
  readonly chatModel?: PromiseChatModel.PromiseChatModel | undefined
}

/** What the constructor takes. */
export type ChatUnderstudyFields = Models.BaseChatModelParams & Settings.Settings & Source

/** What a call takes. */
export interface ChatUnderstudyCallOptions extends Models.BaseChatModelCallOptions, Settings.Settings {
  /** As `bindTools` makes them. */
  readonly tools?: ReadonlyArray<Tools.FunctionTool>
}

const open = ({ chatModel, config, path, remote }: Source): Promise<PromiseChatModel.PromiseChatModel> => {
  if (chatModel !== undefined) return Promise.resolve(chatModel)
  if (remote !== undefined) return PromiseChatModel.remote(remote)
  return config === undefined ? PromiseChatModel.fromYaml(path) : PromiseChatModel.fromOptions(config)
}

type Bag = Record<string, unknown>

/** What a prompt asks an answer's text to be. */
const formOf = ({ options }: Prompt): AnswerWriter.Form => {
  const { outputSchema, responseFormat } = ChatOptions.resolve(options)
  const { schema } = outputSchema ?? (typeof responseFormat === "object" ? responseFormat : {})
  if (schema !== undefined) return schema["type"] === "object" ? "object" : "json"
  return responseFormat === "json" ? "json" : "text"
}

type Schema<Output> = InteropZodType<Output> | SerializableSchema<Output> | Bag

/** The chat model. */
export class ChatUnderstudy extends Models.BaseChatModel<ChatUnderstudyCallOptions> implements AsyncDisposable {
  readonly #source: Source
  readonly #settings: Settings.Settings
  #opened: Promise<PromiseChatModel.PromiseChatModel> | undefined

  constructor(fields: ChatUnderstudyFields = {}) {
    // LangChain keeps what it is given for traces: keys are not among it.
    const { chatModel, config, path, remote, ...rest } = fields
    super(rest)
    this.#source = { chatModel, config, path, remote }
    this.#settings = Settings.pick(rest)
  }

  static override lc_name(): string {
    return "ChatUnderstudy"
  }

  /** Ends the engine, and what is under way. */
  async close(): Promise<void> {
    if (this.#source.chatModel !== undefined) return
    await this.#opened?.then(
      (chatModel) => chatModel.close(),
      // What did not start need not end.
      () => undefined
    )
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  override _llmType(): string {
    return "understudy"
  }

  override _identifyingParams(): Record<string, unknown> {
    return { ...this.#settings }
  }

  override invocationParams(options: this["ParsedCallOptions"]): ChatOptions.ChatOptions {
    const { stop, tool_choice, tools } = options
    return ChatOptions.merge(this.#settings, Settings.pick(options), {
      stopSequences: stop,
      ...(tools === undefined || tools.length === 0
        ? {}
        : { tools: tools.map(Tools.toTool), toolChoice: Tools.toToolChoice(tool_choice) })
    })
  }

  override getLsParams(options: this["ParsedCallOptions"]): Models.LangSmithParams {
    const { maxTokens, model, stopSequences, temperature } = ChatOptions.resolve(this.invocationParams(options))
    return {
      ls_provider: "understudy",
      ls_model_type: "chat",
      ...(model === undefined ? {} : { ls_model_name: model }),
      ...(temperature === undefined ? {} : { ls_temperature: temperature }),
      ...(maxTokens === undefined ? {} : { ls_max_tokens: maxTokens }),
      ...(stopSequences === undefined ? {} : { ls_stop: [...stopSequences] })
    }
  }

  override bindTools(
    tools: Array<Models.BindToolsInput>,
    kwargs?: Partial<ChatUnderstudyCallOptions>
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, ChatUnderstudyCallOptions> {
    return this.withConfig({ tools: tools.map(Tools.toFunction), ...kwargs })
  }

  override async _generate(messages: Array<BaseMessage>, options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const chatModel = await this.#open()
    const prompt = this.#toPrompt(messages, options)
    return AnswerWriter.toResult(await chatModel.call(prompt, { signal: options.signal }), formOf(prompt))
  }

  override async *_streamResponseChunks(
    messages: Array<BaseMessage>,
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun
  ): AsyncGenerator<ChatGenerationChunk> {
    const chatModel = await this.#open()
    const prompt = this.#toPrompt(messages, options)
    const writer = new AnswerWriter.ChunkWriter(formOf(prompt))
    for await (const part of chatModel.stream(prompt, { signal: options.signal })) {
      const chunk = writer.write(part)
      if (chunk === undefined) continue
      yield chunk
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk })
    }
  }

  override withStructuredOutput<Output extends object = Record<string, unknown>>(
    schema: Schema<Output>,
    config?: StructuredOutputMethodOptions<false>
  ): Runnable<BaseLanguageModelInput, Output>
  override withStructuredOutput<Output extends object = Record<string, unknown>>(
    schema: Schema<Output>,
    config?: StructuredOutputMethodOptions<true>
  ): Runnable<BaseLanguageModelInput, { readonly raw: BaseMessage; readonly parsed: Output }>
  override withStructuredOutput(schema: Schema<Bag>, config: StructuredOutputMethodOptions<boolean> = {}): Runnable {
    const { includeRaw, method = "jsonSchema", name = "extract", strict = false } = config
    if (method === "functionCalling") {
      const tool = Tools.toExtractor(schema, name, strict)
      const called = tool.function.name
      const asking = this.withConfig({ tools: [tool], tool_choice: called })
      return assembleStructuredOutputPipeline(asking, createFunctionCallingParser(schema, called), includeRaw)
    }
    const asked: Settings.Settings =
      method === "jsonMode"
        ? { responseFormat: "json" }
        : { outputSchema: { name, schema: toJsonSchema(schema) as Bag, strict } }
    return assembleStructuredOutputPipeline(this.withConfig(asked), createContentParser(schema), includeRaw)
  }

  #open(): Promise<PromiseChatModel.PromiseChatModel> {
    this.#opened ??= open(this.#source)
    return this.#opened
  }

  #toPrompt(messages: ReadonlyArray<BaseMessage>, options: this["ParsedCallOptions"]): Prompt {
    return { messages: MessageReader.read(messages), options: this.invocationParams(options) }
  }
}
