/**
 * The tokens under which a module's ChatModel and engine are injected, and the decorator for the first.
 */
import { Inject } from "@nestjs/common"

/** The token of a `PromiseChatModel`, for `inject` lists, `moduleRef.get` and overrides in tests. */
export const getChatModelToken = (name = "default"): string => `UnderstudyChatModel(${name})`

/** The token of an `UnderstudyHost`. */
export const getUnderstudyToken = (name = "default"): string => `Understudy(${name})`

/** Injects the `PromiseChatModel` of the module with this name: `constructor(@InjectChatModel() chatModel)`. */
export const InjectChatModel = (name?: string): PropertyDecorator & ParameterDecorator =>
  Inject(getChatModelToken(name))
