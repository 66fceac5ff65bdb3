/** Counts what calls hold while they are under way, and must give back: probes of circuits, calls that latency balance counts. */
import * as Core from "@understudy/core"

const { Circuits } = Core.Circuits
const { Latency } = Core.Latency

/** What is held at the moment. */
export interface Meter {
  readonly held: () => { readonly probes: number; readonly calls: number }
  /** Probes that were given out in all. */
  readonly probes: () => number
  readonly remove: () => void
}

/** Starts to count, in this whole process. */
export const install = (): Meter => {
  const probes = new Set<object>()
  let calls = 0
  let given = 0
  const { admit, record } = Circuits.prototype
  const { end, start } = Latency.prototype
  Circuits.prototype.admit = function (...args) {
    const permit = admit.apply(this, args)
    if (permit?.probe === true) {
      given++
      probes.add(permit)
    }
    return permit
  }
  Circuits.prototype.record = function (...args) {
    probes.delete(args[0])
    return record.apply(this, args)
  }
  Latency.prototype.start = function (...args) {
    calls++
    return start.apply(this, args)
  }
  Latency.prototype.end = function (...args) {
    calls--
    return end.apply(this, args)
  }
  return {
    held: () => ({ probes: probes.size, calls }),
    probes: () => given,
    remove: () => {
      Object.assign(Circuits.prototype, { admit, record })
      Object.assign(Latency.prototype, { end, start })
    }
  }
}
