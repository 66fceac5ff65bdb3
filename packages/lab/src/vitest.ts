/**
 * The lab in a vitest suite: matchers for runs, a fixture that runs, and a whole suite in one line. Importing it registers
 * the matchers.
 *
 * **Example** (one outage)
 *
 * ```ts
 * import { UnderstudyClient } from "@understudy/lab"
 * import { expect, test } from "@understudy/lab/vitest"
 *
 * const client = UnderstudyClient.make()
 *
 * test("a bad key is nobody's business but ours", async ({ lab }) => {
 *   const judged = await lab.run("auth.invalid@qwen", client)
 *   expect(judged).toBeResilient()
 *   expect(judged).toAnswerWithin("2s")
 * })
 * ```
 *
 * **Example** (a test for each scenario of the library that is about limits)
 *
 * ```ts
 * import { UnderstudyClient } from "@understudy/lab"
 * import { resilience } from "@understudy/lab/vitest"
 *
 * resilience("my service", UnderstudyClient.make(), { scenarios: ["rate.*"] })
 * ```
 */
import { expect } from "vitest"
import { matchers } from "./vitest/Matchers.ts"

expect.extend(matchers)

export { expect } from "vitest"
export type { Cost } from "./assert/Checks.ts"
export { type Fixture, test } from "./vitest/Fixture.ts"
export type { LabMatchers } from "./vitest/Matchers.ts"
export { type Options as ResilienceOptions, resilience } from "./vitest/Resilience.ts"
