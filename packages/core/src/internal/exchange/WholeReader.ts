/**
 * Reads a body as a whole, whatever it is then taken for: an answer in JSON, a list of models, what a probe is told.
 */
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import { Body, toText } from "../wire/Body.ts"
import type { AttemptContext, Control, Reader } from "./Reader.ts"

/** Largest answer that is taken, in bytes. */
export const maxAnswer = 64 * 1024 * 1024

/** Largest body that is taken where only a few words are wanted, in bytes: a list of models, a balance. */
export const maxWords = 4 * 1024 * 1024

/** Takes a body of at most `max` bytes and hands it over when it has ended; a larger one is malformed. */
export class WholeReader implements Reader {
  readonly isBegun = false
  readonly #context: AttemptContext
  readonly #control: Pick<Control<never>, "fail">
  readonly #max: number
  readonly #body: Body
  readonly #onWhole: (bytes: Buffer) => void

  constructor(
    context: AttemptContext,
    control: Pick<Control<never>, "fail">,
    max: number,
    onWhole: (bytes: Buffer) => void
  ) {
    this.#context = context
    this.#control = control
    this.#max = max
    this.#body = new Body(max)
    this.#onWhole = onWhole
  }

  onData(chunk: Buffer): void {
    if (this.#body.push(chunk)) return
    const message = `${this.#context.provider.name} sent more than ${this.#max} bytes`
    this.#control.fail(AttemptFailure.make({ _tag: "MalformedResponse" }, message))
  }

  onEnd(): void {
    this.#onWhole(this.#body.bytes())
  }

  onCut(): boolean {
    return false
  }
}

/** The same for a body of a few words, as text. */
export const words = (
  context: AttemptContext,
  control: Pick<Control<never>, "fail">,
  type: string | undefined,
  onWhole: (text: string) => void
): Reader => new WholeReader(context, control, maxWords, (bytes) => onWhole(toText(bytes, type)))
