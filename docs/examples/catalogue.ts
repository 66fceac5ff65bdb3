/**
 * Every example by its name. Each exports `main`, which runs it and resolves to the lines that it has to show.
 */

/** An example. */
export interface Example {
  readonly main: () => Promise<ReadonlyArray<string>>
}

/** Every example, loaded when it is run. */
export const examples: Readonly<Record<string, () => Promise<Example>>> = {
  "model-fallback": () => import("./model-fallback.ts"),
  "token-failover": () => import("./token-failover.ts"),
  streaming: () => import("./streaming.ts"),
  "openai-client": () => import("./openai-client.ts"),
  "openai-drop-in": () => import("./openai-drop-in.ts"),
  "own-openai-client": () => import("./own-openai-client.ts"),
  "mocks-in-a-test": () => import("./mocks-in-a-test.ts"),
  "trail-and-errors": () => import("./trail-and-errors.ts"),
  "chat-services": () => import("./chat-services.ts"),
  spring: () => import("./spring/main.ts"),
  "multi-agent": () => import("./multi-agent/main.ts"),
  observability: () => import("./observability.ts"),
  "ai-sdk": () => import("./ai-sdk.ts"),
  langchain: () => import("./langchain.ts"),
  "sdk/client": () => import("./sdk/client.ts"),
  "sdk/tools": () => import("./sdk/tools.ts"),
  "sdk/structured": () => import("./sdk/structured.ts"),
  "sdk/memory": () => import("./sdk/memory.ts"),
  "sdk/advisors": () => import("./sdk/advisors.ts"),
  "sdk/models": () => import("./sdk/models.ts"),
  "sdk/vendors": () => import("./sdk/vendors.ts"),
  "sdk/embeddings": () => import("./sdk/embeddings.ts"),
  "sdk/testing": () => import("./sdk/testing.ts"),
  "sdk/errors": () => import("./sdk/errors.ts"),
  "sdk/seats": () => import("./sdk/seats.ts")
}
