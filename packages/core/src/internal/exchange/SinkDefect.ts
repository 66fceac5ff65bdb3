/**
 * What the caller's own code threw while it was handed an answer, so that it is not taken for an answer that cannot be read.
 */

/** Marks what was thrown as the caller's. */
export class SinkDefect {
  readonly defect: unknown

  constructor(defect: unknown) {
    this.defect = defect
  }
}

/** Runs code of the caller's, or of a listener's: what it throws is marked as theirs. */
export const callers = (run: () => void): void => {
  try {
    run()
  } catch (defect) {
    throw new SinkDefect(defect)
  }
}
