/**
 * @understudy/nestjs: Understudy as a NestJS module.
 *
 * **Example** (Injecting the ChatModel)
 *
 * ```ts
 * import { Module } from "@nestjs/common"
 * import { UnderstudyModule } from "@understudy/nestjs"
 *
 * @Module({ imports: [UnderstudyModule.forRoot({ path: "understudy.yaml", options: { model: "qwen3.8-flash" }, global: true })] })
 * class AppModule {}
 * ```
 *
 * @see UnderstudyModule
 */
export { getChatModelToken, getUnderstudyToken, InjectChatModel } from "./InjectChatModel.ts"
export { type Health, type ProviderHealth, UnderstudyHealthIndicator } from "./UnderstudyHealthIndicator.ts"
export { UnderstudyHost } from "./UnderstudyHost.ts"
export { type ModuleExtras, UnderstudyModule, type UnderstudyModuleAsyncOptions } from "./UnderstudyModule.ts"
export type { UnderstudyModuleOptions } from "./UnderstudyModuleOptions.ts"
