/** The application's client in the lab, as a test among its tests. */
import { expect, test } from "@understudy/lab/vitest"

test("nobody notices a wrong key or an overloaded vendor", async ({ lab }) => {
  const run = await lab.run("auth.invalid@qwen")
  expect(run).toBeResilient()
  expect(run).toAnswerWithin("10s")
  expect(await lab.run("overload.fast@qwen")).toHaveAvailability(1)
})
