/**
 * Asks the vendors behind a recorder what the mocks' table of rules says of them, one request after the other. What they answer is
 * recorded like everything else, and `Drift` knows the requests again.
 *
 * **Gotchas**
 *
 * - Most rows are refused, which costs nothing; the others ask for few tokens, and are billed.
 * - An account with low limits is soon refused for them; `Drift` leaves such answers out.
 */
import * as Rules from "@understudy/mocks/Rules"
import type { VendorName } from "@understudy/mocks/VendorList"
import type { Recorder } from "./Recorder.ts"

/** Whom to ask, and with what. */
export interface Options {
  readonly recorder: Pick<Recorder, "urls">
  /** A key for each vendor that is to be asked. */
  readonly keys: Readonly<Partial<Record<VendorName, string>>>
  /** Ends it early. */
  readonly signal?: AbortSignal
}

/** Asks, and resolves when the last answer has ended. Where no answer comes, the recorder has said why. */
export const askAll = async ({ keys, recorder, signal }: Options): Promise<void> => {
  for (const { body, vendor } of Rules.table) {
    const key = keys[vendor]
    if (key === undefined) continue
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" }
    const init = { method: "POST", headers, body, ...(signal === undefined ? {} : { signal }) }
    await fetch(`${recorder.urls[vendor]}/chat/completions`, init)
      .then((response) => response.text())
      .catch(() => undefined)
    if (signal?.aborted === true) return
  }
}
