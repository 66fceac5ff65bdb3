/**
 * Judges a run again from what a report keeps of it: for runs that cannot be repeated, because time was real or the client
 * is not here.
 *
 * A report does not keep which paths were healthy when. That is worked out by letting the scenario's world live through the
 * same time once more, and believed only if its keys, faults and phases change as they did.
 */
import type { StoredRun } from "@understudy/lab/report/StoredRun"
import * as World from "@understudy/lab/run/World"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Setup from "@understudy/lab/scenario/Setup"
import * as Verdict from "@understudy/lab/verdict/Verdict"
import * as Clock from "@understudy/mocks/Clock"

type Transitions = StoredRun["transitions"]

const toLabel = (transitions: Transitions): string =>
  JSON.stringify(transitions.map(({ from, name, to, what }) => [what, name, from, to]))

const live = (scenario: Scenario, { calls, duration }: StoredRun): World.World => {
  const clock = Clock.manual()
  const paths = Setup.pathsByModel(
    scenario,
    calls.map(({ model }) => model)
  )
  const world = World.begin({ scenario, paths, clock })
  clock.advance(duration)
  world.stop()
  return world
}

/** The verdict; undefined when the report does not hold enough. */
export const verdict = (scenario: Scenario, stored: StoredRun): Verdict.Verdict | undefined => {
  if (stored.minutes !== undefined) return undefined
  const { health, transitions } = live(scenario, stored)
  if (toLabel(transitions) !== toLabel(stored.transitions)) return undefined
  const leftOpen = stored.attempts.filter(({ call, end }) => end === "open" && call !== undefined)
  return Verdict.of({ ...stored, scenario, health, leftOpen: leftOpen.map(({ ordinal }) => ordinal) })
}
