/**
 * What one replica knows of all of them: gives its own changes a time, and lets in those of others that are newer.
 *
 * A change is later than all that its replica had heard when it came about, whatever its clock says (a hybrid logical clock):
 * a replica whose clock is behind can still correct one whose clock is ahead.
 */
import * as Sharing from "./Sharing.ts"

/** Settings of a replica. */
export interface Options {
  readonly sharing: Sharing.Sharing
  /** Unix milliseconds. */
  readonly now: () => number
  /** Carries out what another replica has found out. */
  readonly apply: (change: Sharing.Change) => void
}

/** One replica. */
export class Replica implements Sharing.Member {
  readonly #options: Options
  readonly #known = new Map<string, Sharing.Change>()
  #latest = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** This replica has found out something. */
  tell(provider: string, fact: Sharing.Fact): void {
    const { now, sharing } = this.#options
    const change: Sharing.Change = {
      provider,
      fact,
      at: Math.max(now(), this.#latest + 1),
      origin: sharing.origin
    }
    this.#keep(Sharing.subjectOf(change), change)
    sharing.publish(change)
  }

  /** Another one has. */
  readonly hear = (change: Sharing.Change): void => {
    const subject = Sharing.subjectOf(change)
    if (!Sharing.isNewer(change, this.#known.get(subject))) return
    this.#keep(subject, change)
    this.#options.apply(change)
  }

  /** What is known, without what nobody needs any more. */
  readonly known = (): ReadonlyArray<Sharing.Change> => {
    const now = this.#options.now()
    for (const [subject, change] of this.#known) if (Sharing.isOver(change, now)) this.#known.delete(subject)
    return [...this.#known.values()]
  }

  #keep(subject: string, change: Sharing.Change): void {
    this.#known.set(subject, change)
    this.#latest = Math.max(this.#latest, change.at)
  }
}
