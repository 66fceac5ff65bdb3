/**
 * Turns of the machine's event loop: how a run lets promises, streams and sockets of this process settle. The real ones, even
 * when a test runner fakes timers later.
 */
const immediate = setImmediate

/** Waits for one turn. */
export const next = (): Promise<void> => new Promise((resolve) => immediate(resolve))

/** Waits until promises have run out, with `drain` after every turn. */
export const settled = async (drain: () => void): Promise<void> => {
  drain()
  await next()
  drain()
}

/** Waits until so many turns in a row have changed nothing. */
export const quiet = async (state: () => string, turns: number): Promise<void> => {
  let before = state()
  for (let still = 0; still < turns; ) {
    await next()
    const now = state()
    still = now === before ? still + 1 : 0
    before = now
  }
}
