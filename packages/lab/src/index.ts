/**
 * @understudy/lab: outages as code, a day of them in seconds, and a verdict.
 *
 * Import the modules one by one (`@understudy/lab/Lab`) where start-up time matters; `@understudy/lab/vitest` has the matchers.
 */
export * as ScenarioServer from "./control/ScenarioServer.ts"
export * as Lab from "./Lab.ts"
export * as Library from "./library/Library.ts"
export * as Cassette from "./record/Cassette.ts"
export * as Drift from "./record/Drift.ts"
export * as Recorder from "./record/Recorder.ts"
export * as Client from "./run/Client.ts"
export * as HttpClient from "./run/HttpClient.ts"
export * as Run from "./run/Run.ts"
export * as UnderstudyClient from "./run/UnderstudyClient.ts"
export * as FindingKind from "./scenario/FindingKind.ts"
export * as Scenario from "./scenario/Scenario.ts"
export * as Finding from "./verdict/Finding.ts"
export * as Verdict from "./verdict/Verdict.ts"
