/**
 * @understudy/cli: the command `understudy`.
 */
export * as Cli from "./Cli.ts"
export * as Failed from "./Failed.ts"
export * as Language from "./Language.ts"
export * as Messages from "./Messages.ts"
export * as Process from "./Process.ts"
export * as Version from "./Version.ts"
