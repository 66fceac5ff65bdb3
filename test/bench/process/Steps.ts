/**
 * Watches the main thread from another one: stops it at the beginning of each of the given functions and notes who called
 * whom. Says so once it is ready, and what it has seen when it is told to end.
 */
import { type Debugger, Session } from "node:inspector/promises"
import { parentPort, workerData } from "node:worker_threads"

/** A function and where its source stands. */
export interface Place {
  readonly url: string
  /** The same from the root. */
  readonly file: string
  readonly name: string
  readonly start: number
  readonly end: number
}

/** A direct call from a script to another. */
export interface Step {
  readonly from: string
  readonly to: string
}

const session = new Session()
/** By URL, and back. */
const scripts = new Map<string, string>()
const urls = new Map<string, string>()
const steps: Array<Step> = []

const locationOf = (text: string, offset: number) => {
  const before = text.slice(0, offset).split("\n")
  return { lineNumber: before.length - 1, columnNumber: before.at(-1)?.length ?? 0 }
}

type At = Pick<Debugger.Location, "lineNumber" | "columnNumber">

const isBefore = (a: At, b: At): boolean =>
  a.lineNumber < b.lineNumber || (a.lineNumber === b.lineNumber && (a.columnNumber ?? 0) < (b.columnNumber ?? 0))

/** Stops at the first place of a function that is not within another one in it. */
const breakAt = async (place: Place, places: ReadonlyArray<Place>): Promise<void> => {
  const scriptId = scripts.get(place.url) ?? ""
  const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId })
  const [start, end] = [locationOf(scriptSource, place.start), locationOf(scriptSource, place.end)]
  const range: Debugger.GetPossibleBreakpointsParameterType = {
    start: { scriptId, ...start },
    end: { scriptId, ...end }
  }
  const { locations } = await session.post("Debugger.getPossibleBreakpoints", range)
  const inner = places.filter((other) => other.url === place.url && other.start > place.start && other.end <= place.end)
  // Where a function begins, whoever makes it stops as well.
  const isOwn = (location: Debugger.Location): boolean =>
    isBefore(start, location) &&
    inner.every(
      (other) =>
        isBefore(location, locationOf(scriptSource, other.start)) ||
        !isBefore(location, locationOf(scriptSource, other.end))
    )
  const location = locations.find(isOwn)
  if (location !== undefined) await session.post("Debugger.setBreakpoint", { location })
}

/** Over when this thread has heard that the other one went on. */
let resumed: Promise<unknown> = Promise.resolve()

const onPaused = ({ callFrames: [callee, caller] }: Debugger.PausedEventDataType): void => {
  const [to, from] = [callee, caller].map((frame) => urls.get(frame?.location.scriptId ?? ""))
  if (from !== undefined && to !== undefined && from !== to) steps.push({ from, to })
  resumed = session.post("Debugger.resume")
}

session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
  scripts.set(url, scriptId)
  urls.set(scriptId, url)
})
session.on("Debugger.paused", ({ params }) => onPaused(params))
session.connectToMainThread()
// Listens first: an open session alone does not keep a thread alive.
parentPort?.once("message", () => {
  parentPort?.postMessage(steps)
  // A session that is closed over an answer fails whoever waits for it.
  void resumed.then(() => session.disconnect())
})
await session.post("Debugger.enable")
const places = workerData as ReadonlyArray<Place>
for (const place of places) await breakAt(place, places)
parentPort?.postMessage("ready")
