/** "Who may import whom" of the architecture, as data. A package that is missing here may not exist. */

/** A module that may be imported. */
export interface Allowance {
  /** A module with everything below it; with a trailing slash only what is below it (`effect/`: no barrel). */
  readonly module: string
  /** The folders of `src` where it may be imported; left out: everywhere. */
  readonly under?: ReadonlyArray<string>
  /** Whether its types may be imported outside of `under` too. */
  readonly typesElsewhere?: true
}

/** What the sources of one package may import. */
export interface Row {
  readonly may: ReadonlyArray<Allowance>
}

const core: Allowance = { module: "@understudy/core" }
const effect: Allowance = { module: "effect/" }
const chatModel: Allowance = { module: "@understudy/chat-model" }
const node: Allowance = { module: "node:" }

/** A row per package. */
export const rows: Readonly<Record<string, Row>> = {
  core: {
    may: [
      // Of Effect only what is stable: rules/stability.ts.
      effect,
      { module: "undici", under: ["upstream"] },
      { module: "yaml", under: ["config"] },
      { module: "openai", under: ["upstream"], typesElsewhere: true },
      { module: "node:", under: ["upstream", "config"] },
      // A key's fingerprint is a hash, and Effect has none that is both stable and synchronous.
      { module: "node:crypto", under: ["key"] }
    ]
  },
  redis: { may: [core, effect, { module: "@redis/client" }] },
  "chat-model": {
    may: [
      core,
      effect,
      { module: "@standard-schema/spec" },
      { module: "openai", under: [], typesElsewhere: true },
      // A tool's JSON Schema has to be there at once, and `effect/Schema` only when somebody hands in one of its schemas.
      { module: "node:module", under: ["schema"] }
    ]
  },
  gateway: { may: [core, effect, node] },
  admin: { may: [core, { module: "@understudy/gateway" }, effect, { module: "yaml", under: ["internal"] }, node] },
  lab: {
    may: [
      core,
      chatModel,
      { module: "@understudy/mocks" },
      { module: "@sinonjs/fake-timers", under: ["run"] },
      { module: "vitest", under: ["vitest"] },
      effect,
      node
    ]
  },
  "ai-sdk": { may: [core, chatModel, { module: "@ai-sdk/provider" }, effect] },
  "effect-ai": { may: [core, chatModel, effect] },
  nestjs: {
    may: [
      core,
      chatModel,
      { module: "@nestjs/common" },
      { module: "@nestjs/core" },
      { module: "@nestjs/terminus" },
      effect
    ]
  },
  langchain: { may: [core, chatModel, { module: "@langchain/core/" }, effect] },
  mocks: {
    may: [{ module: "msw" }, { module: "@mswjs/interceptors" }, { module: "effect/", under: ["effect"] }, node]
  },
  console: {
    may: [
      { module: "@understudy/admin", under: [], typesElsewhere: true },
      { module: "react" },
      { module: "react-dom" },
      { module: "@tanstack/" },
      // A major of it a year: only one room knows it.
      { module: "@mantine/", under: ["ui"] },
      { module: "get-nonce", under: ["ui"] },
      { module: "uplot", under: ["chart"] }
    ]
  },
  cli: { may: [{ module: "@understudy/" }, effect, { module: "@effect/platform-node/" }, node] }
}

/**
 * The layers of a package, lowest first: a layer imports those before it and never one after it. A layer is a folder of `src`,
 * or a file of it that a folder above may import.
 */
export const layersOf: Readonly<Record<string, ReadonlyArray<string>>> = {
  core: [
    "setting",
    "allowance",
    "wire",
    "failure",
    "upstream",
    "telemetry",
    "health",
    "key",
    "sharing",
    "provider",
    "route",
    "exchange",
    "call",
    "join",
    "failover",
    "face",
    "config"
  ],
  lab: [
    "scenario",
    "library",
    "traffic",
    "run",
    "verdict",
    "report",
    "record",
    "control",
    "Trial",
    "Lab",
    "assert",
    "vitest"
  ]
}

/** A public module of core that its index leaves out. */
export interface Door {
  readonly path: string
  readonly reason: string
}

/** The doors of core beside its index: few need them, or they cost to load. */
export const doors: ReadonlyArray<Door> = [
  { path: "packages/core/src/config/Reading.ts", reason: "for files that are read as configurations are" },
  { path: "packages/core/src/config/Texts.ts", reason: "for those who say in their own words what is wrong with one" },
  { path: "packages/core/src/face/Face.ts", reason: "for faces" },
  { path: "packages/core/src/failure/TaggedError.ts", reason: "what errors of every package are made of" },
  { path: "packages/core/src/provider/Vendors.ts", reason: "the list of vendors" },
  { path: "packages/core/src/telemetry/Tracing.ts", reason: "for whoever asks who traces" },
  { path: "packages/core/src/wire/Wire.ts", reason: "for whoever reads what vendors send" }
]

/** Most public modules that core may have. */
export const mostPublic = 35

/** The bars of a package's size, in code lines. */
export const bars = { median: 90, p90: 220, file: 400, function: 70 } as const

/** A timer of an adapter under `src/upstream`: nothing else in core may go round Effect's services. */
export interface TimerAllowance {
  readonly path: string
  readonly name: "setTimeout" | "setInterval" | "setImmediate"
  readonly reason: string
}

/** The timers that adapters need. */
export const timers: ReadonlyArray<TimerAllowance> = [
  {
    path: "packages/core/src/internal/upstream/Watchdog.ts",
    name: "setTimeout",
    reason: "a fiber that sleeps costs a lone call as much as all that the engine does besides"
  }
]

/** A word that is also a reason's name, and is not meant as one. */
export interface NamesakeAllowance {
  readonly path: string
  readonly name: string
  readonly reason: string
}

/** The namesakes of reasons. */
export const namesakes: ReadonlyArray<NamesakeAllowance> = [
  { path: "packages/core/src/failure/Trail.ts", name: "Cancelled", reason: "an entry of the trail" },
  { path: "packages/core/src/internal/call/Ledger.ts", name: "Cancelled", reason: "how a call ended" },
  { path: "packages/chat-model/src/ToolError.ts", name: "TimedOut", reason: "a tool's, not a vendor's" }
]

/** A file above the vendors' folders that is about single vendors by name. */
export interface VendorData {
  readonly path: string
  readonly reason: string
}

/** The lists, and words and settings about single vendors. */
export const vendorData: ReadonlyArray<VendorData> = [
  { path: "packages/core/src/provider/Vendors.ts", reason: "the list" },
  { path: "mocks/src/VendorList.ts", reason: "the list of those that are played" },
  { path: "packages/lab/src/scenario/Standard.ts", reason: "the standard setting is two vendors" },
  { path: "packages/lab/src/library/Sides.ts", reason: "what the library teaches of each of the two" },
  { path: "packages/cli/src/demo/Setup.ts", reason: "the demonstrations are about two vendors" },
  { path: "packages/cli/src/demo/Demonstrations.ts", reason: "what they show of each" },
  { path: "packages/cli/src/demo/RealSetup.ts", reason: "which of the two are there" },
  { path: "packages/cli/src/messages/Demo.ts", reason: "their words" },
  { path: "packages/cli/src/commands/Start.ts", reason: "starts them" },
  { path: "packages/cli/src/commands/Chat.ts", reason: "prefers their models" },
  { path: "packages/langchain/src/internal/AnswerWriter.ts", reason: "LangChain's name for the shape of a message" }
]
