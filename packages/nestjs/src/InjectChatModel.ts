/**
 * The tokens under which a module's ChatModel and engine are injected, and the decorator for the first.
 *
 * **Example** (A provider that asks a model)
 *
 * ```ts
 * import { Injectable, Module } from "@nestjs/common"
 * import { NestFactory } from "@nestjs/core"
 * import type { PromiseChatModel } from "@understudy/chat-model"
 * import { getChatModelToken, getUnderstudyToken, InjectChatModel, UnderstudyModule } from "@understudy/nestjs"
 *
 * @Injectable()
 * class Jokes {
 *   @InjectChatModel("drafts")
 *   chatModel!: PromiseChatModel.PromiseChatModel
 * }
 *
 * @Module({ imports: [UnderstudyModule.forRoot({ name: "drafts", options: { model: "qwen3.8-flash" } })], providers: [Jokes] })
 * class AppModule {}
 *
 * const app = await NestFactory.createApplicationContext(AppModule, { logger: false })
 * const { text } = await app.get(Jokes).chatModel.call("Tell me a joke")
 * app.get(getChatModelToken("drafts")) === app.get(Jokes).chatModel // => true
 * const routes = app.get(getUnderstudyToken("drafts")).understudy.config.routes.length
 * await app.close()
 * ```
 */
import { Inject } from "@nestjs/common"

/** The token of a `PromiseChatModel`, for `inject` lists, `moduleRef.get` and overrides in tests. */
export const getChatModelToken = (name = "default"): string => `UnderstudyChatModel(${name})`

/** The token of an `UnderstudyHost`. */
export const getUnderstudyToken = (name = "default"): string => `Understudy(${name})`

/** Injects a `PromiseChatModel`, by the name of its module or its own: `constructor(@InjectChatModel() chatModel)`. */
export const InjectChatModel = (name?: string): PropertyDecorator & ParameterDecorator =>
  Inject(getChatModelToken(name))
