/**
 * The lab in an existing suite: the service as it is, its outages made, its minutes taken out.
 *
 * The network runner plays the vendors at their real hosts and fakes the timers, so that the service under test needs no change.
 */
import { Client, UnderstudyClient } from "@understudy/lab"
import { expect, resilience, test } from "@understudy/lab/vitest"
import * as TicketService from "./TicketService.ts"

const service = Client.make("ticket service", async ({ config }) => {
  const { answer, close } = await TicketService.start(config)
  return {
    answer: async ({ text }, { signal }) => ({ text: await answer(text, signal) }),
    close
  }
})

resilience("the ticket service", service, { scenarios: ["auth.invalid@qwen", "overload.*@qwen"], runner: "network" })

test("a silent vendor costs a ticket a quarter of a minute, and never more than two requests", async ({ lab }) => {
  const judged = await lab.run("stall.before@qwen", service, { runner: "network" })
  expect(judged).toBeResilient()
  expect(judged).toAnswerWithin("20s")
  expect(judged).toCostAtMost({ attemptsPerCall: 2 })
})

test("tickets would be lost without another vendor", async ({ lab }) => {
  const alone = UnderstudyClient.make({
    config: (config) => ({ ...config, routes: config.routes.map((route) => ({ ...route, fallback: [] })) })
  })
  expect(await lab.run("server.error@qwen", alone)).toHaveFinding("failed-while-healthy")
})
