/**
 * The mock server, furnished by a scenario: for tests in any language. They play the scenario's calls, tell what came of
 * them, and ask for the verdict.
 *
 * ```
 * GET /_mock/scenario ─▶ a request per call, its text as it is (it ends with [call:ID]) ─▶ POST /_mock/calls
 *                                                                   GET /_mock/verdict ◀─┘
 * ```
 *
 * Time is real, or as many times faster as `speed` says: then every answer carries `x-mock-speed`, what the vendors state
 * (`Retry-After`) is in the clients' own time already, and clients divide their own waits by it. `POST /_mock/clock
 * {"advance": "30s"}` makes it later at once; from then on nothing is held against clients that their own waits decide, and the
 * verdict says what was withheld.
 *
 * **Example** (the calls that a test is to make)
 *
 * ```ts
 * import { Library, ScenarioServer } from "@understudy/lab"
 *
 * const server = await ScenarioServer.listen(Library.find("auth.invalid@qwen"))
 * const scenario = await fetch(`${server.url}/_mock/scenario`)
 * scenario.status // => 200
 * await server.close()
 * ```
 *
 * @see Endpoints for what else can be asked
 */
import * as MockServer from "@understudy/mocks/MockServer"
import type { Scenario } from "../scenario/Scenario.ts"
import * as Endpoints from "./Endpoints.ts"
import * as Stage from "./Stage.ts"

/** Where to listen, how fast, and with which answers. */
export interface Options extends Pick<MockServer.Options, "host" | "port">, Stage.Options {}

/** Starts a server whose vendors live through the scenario. Rejects with a ScenarioError when sockets cannot do it. */
export const listen = async (
  scenario: Scenario,
  { recordings = [], speed = 1, ...where }: Options = {}
): Promise<MockServer.MockServer> => {
  const stage = new Stage.Stage(scenario, { recordings, speed })
  const control = (request: MockServer.ControlRequest) => Endpoints.answer(stage, request)
  const close = (): void => stage.world.stop()
  try {
    const server = await MockServer.listen(stage.vendors, { ...where, control, endpoints: Endpoints.names })
    return { ...server, close: () => server.close().finally(close) }
  } catch (error) {
    close()
    throw error
  }
}
