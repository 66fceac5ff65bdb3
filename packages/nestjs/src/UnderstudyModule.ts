/**
 * A ChatModel for the providers and controllers of a NestJS application, kept answered by Understudy's failover core.
 *
 * **Details**
 *
 * - The engine is made with the application and closed at its shutdown, after the HTTP server: requests under way are
 *   answered first.
 * - `models` are names of the configuration's `models` that are injected, too: `@InjectChatModel("planner")`.
 * - `name` tells several modules of one application apart: `@InjectChatModel("drafts")`.
 * - `global` spares the modules that inject the ChatModel the import.
 * - A test that overrides `getChatModelToken()` (and those of `models`) reads no configuration and starts no engine.
 * - Options that come from what lives for a request are asked for with every request; equal ones are of one engine, and every
 *   engine ends with the application. Each other result starts one more: leave out of them what each request has of its own.
 * - Beside the ChatModel it exports `UnderstudyHost` (under `getUnderstudyToken(name)`) and `UnderstudyHealthIndicator`.
 *
 * **Gotchas**
 *
 * Nest hears of SIGTERM only after `app.enableShutdownHooks()`; without it, `app.close()` closes the engine.
 *
 * **Example** (The module of an application)
 *
 * ```ts
 * import { NestFactory } from "@nestjs/core"
 * import { Controller, Get, Module, Query } from "@nestjs/common"
 * import { InjectChatModel, UnderstudyModule } from "@understudy/nestjs"
 * import type { PromiseChatModel } from "@understudy/chat-model"
 *
 * @Controller()
 * class ChatController {
 *   readonly #chatModel: PromiseChatModel.PromiseChatModel
 *
 *   constructor(@InjectChatModel() chatModel: PromiseChatModel.PromiseChatModel) {
 *     this.#chatModel = chatModel
 *   }
 *
 *   @Get("/chat")
 *   async chat(@Query("input") input: string) {
 *     const response = await this.#chatModel.call(input)
 *     return response.result.output.text
 *   }
 * }
 *
 * @Module({
 *   imports: [UnderstudyModule.forRoot({ path: "understudy.yaml", options: { model: "qwen3.8-flash" } })],
 *   controllers: [ChatController]
 * })
 * class AppModule {}
 *
 * const app = await NestFactory.create(AppModule)
 * await app.listen(process.env["PORT"] ?? 3000)
 * ```
 *
 * @see PromiseChatModel for what is injected
 */
import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from "@nestjs/common"
import { getChatModelToken, getUnderstudyToken } from "./InjectChatModel.ts"
import { Engines } from "./internal/Engines.ts"
import { UnderstudyHealthIndicator } from "./UnderstudyHealthIndicator.ts"
import type { UnderstudyHost } from "./UnderstudyHost.ts"
import type { UnderstudyModuleOptions } from "./UnderstudyModuleOptions.ts"

/** How a module appears in the application. */
export interface ModuleExtras {
  /** Tells this module's ChatModel from others of the application. */
  readonly name?: string | undefined
  /**
   * Names among the `models` of the configuration, each to be injected under its name; the application does not start with a
   * name that is not there. Default: none.
   */
  readonly models?: ReadonlyArray<string> | undefined
  /** Makes the ChatModels known to every module; default: false. */
  readonly global?: boolean | undefined
}

/** What `forRootAsync` takes. */
export interface UnderstudyModuleAsyncOptions extends ModuleExtras {
  /** The modules of what is injected. */
  readonly imports?: ModuleMetadata["imports"]
  /** What the factory is given. */
  readonly inject?: FactoryProvider["inject"]
  readonly useFactory: (
    ...dependencies: ReadonlyArray<never>
  ) => UnderstudyModuleOptions | PromiseLike<UnderstudyModuleOptions>
}

/** The module. */
// biome-ignore lint/complexity/noStaticOnlyClass: a module of Nest is a class.
export class UnderstudyModule {
  /** With options that are known; without any, `understudy.yaml` is looked for. */
  static forRoot({ global, models, name, ...options }: UnderstudyModuleOptions & ModuleExtras = {}): DynamicModule {
    return UnderstudyModule.forRootAsync({ global, models, name, useFactory: () => options })
  }

  /**
   * With options that other providers of the application give.
   *
   * **Example** (A model's name from the application's settings)
   *
   * ```ts
   * import { Module } from "@nestjs/common"
   * import { UnderstudyModule } from "@understudy/nestjs"
   *
   * @Module({ providers: [{ provide: "MODEL", useValue: "qwen3.8-flash" }], exports: ["MODEL"] })
   * class SettingsModule {}
   *
   * const understudy = UnderstudyModule.forRootAsync({
   *   imports: [SettingsModule],
   *   inject: ["MODEL"],
   *   useFactory: (model: string) => ({ path: "understudy.yaml", options: { model } })
   * })
   * ```
   */
  static forRootAsync(options: UnderstudyModuleAsyncOptions): DynamicModule {
    const { global = false, imports = [], inject = [], models = [], name, useFactory } = options
    const engines: FactoryProvider<Engines> = {
      provide: `${getUnderstudyToken(name)}.engines`,
      useFactory: () => new Engines()
    }
    const host: FactoryProvider<UnderstudyHost> = {
      provide: getUnderstudyToken(name),
      inject: [engines.provide, ...inject],
      useFactory: (opened: Engines, ...dependencies: ReadonlyArray<unknown>) =>
        opened.host(() => useFactory(...(dependencies as ReadonlyArray<never>)))
    }
    const chatModels = [undefined, ...models].map(
      (model): FactoryProvider => ({
        provide: getChatModelToken(model ?? name),
        inject: [host.provide],
        useFactory: async (given: Partial<UnderstudyHost>) => {
          // A test may have put something simpler in its place.
          const opened = (await given.start?.()) ?? given
          return model === undefined ? opened.chatModel : opened.chatModels?.get(model)
        }
      })
    )
    return {
      module: UnderstudyModule,
      global,
      imports,
      providers: [engines, host, ...chatModels, UnderstudyHealthIndicator],
      exports: [host.provide, ...chatModels.map(({ provide }) => provide), UnderstudyHealthIndicator]
    }
  }
}

// Decorators as functions: what Node runs by stripping types has no syntax for them.
Module({})(UnderstudyModule)
