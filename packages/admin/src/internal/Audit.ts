/** Who changed what, or tried to: kept in the store, and told as a log line. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { Throttled } from "../api/Errors.ts"
import * as Guard from "./Guard.ts"
import { keep, type Store } from "./Store.ts"

/** Entries of a page. */
const page = 100

const isThrottled = (exit: Exit.Exit<unknown, unknown>): boolean =>
  exit._tag === "Failure" && Cause.squash(exit.cause) instanceof Throttled

/** The audit log over a store. */
export class Audit {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Notes how a change ended. `detail` holds no secret. */
  readonly note = Effect.fnUntraced(
    { self: this },
    function* (actor: string, address: string, action: string, object: string, result: "ok" | "refused", detail = "") {
      const at = yield* Clock.currentTimeMillis
      yield* keep("an entry of the audit log", () =>
        this.#store.run(
          "INSERT INTO audit (at, actor, address, action, object, result, detail) VALUES ($at, $actor, $address, $action, $object, $result, $detail)",
          {
            at,
            actor: actor.slice(0, 100),
            address,
            action,
            object: object.slice(0, 200),
            result,
            detail: detail.slice(0, 2_000)
          }
        )
      )
      yield* Effect.logInfo(`admin: ${action}`).pipe(Effect.annotateLogs({ actor, address, object, result }))
    }
  )

  /**
   * Notes how an effect ended, which it leaves as it is. A try that came too early was not looked at, and is not noted: who guesses
   * would fill the disk otherwise.
   */
  readonly of =
    (actor: string, action: string, object: string) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | HttpServerRequest> =>
      Effect.flatMap(Guard.origin, ({ address }) =>
        Effect.onExit(effect, (exit) =>
          isThrottled(exit)
            ? Effect.void
            : this.note(actor, address, action, object, exit._tag === "Success" ? "ok" : "refused")
        )
      )

  /** A page of entries, the latest first. */
  entries(before = Number.MAX_SAFE_INTEGER) {
    return this.#store
      .all("SELECT * FROM audit WHERE id < $before ORDER BY id DESC LIMIT $page", { before, page })
      .map((row) => ({
        id: Number(row["id"]),
        at: Number(row["at"]),
        actor: String(row["actor"]),
        address: String(row["address"]),
        action: String(row["action"]),
        object: String(row["object"]),
        result: row["result"] as "ok" | "refused",
        detail: String(row["detail"])
      }))
  }
}
