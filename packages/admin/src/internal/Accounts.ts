/**
 * Accounts, sessions and API tokens: who asks, and who may come in.
 *
 * ```
 * set-up token (printed once) ─▶ password of `admin` ─▶ session (12 hours idle, 7 days at most)
 *                                                    └▶ API tokens with scopes
 * ```
 *
 * Secrets are 256 random bits, and are compared by their SHA-256: how long that takes tells nothing about a secret.
 */
import { hash, randomBytes } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { type Actor, type Role, type Scope, scopesOf } from "../api/Authorization.ts"
import { Forbidden, NotFound, Throttled, Unauthorized, Unusable } from "../api/Errors.ts"
import type { Passwords } from "./Passwords.ts"
import type { Store } from "./Store.ts"
import { Throttle } from "./Throttle.ts"

/** Where a request comes from. */
export interface Origin {
  readonly address: string
  readonly agent: string
}

/** A session that has just begun; `secret` goes into the cookie. */
export interface Begun {
  readonly actor: Actor
  readonly secret: string
}

const idle = 12 * 3_600_000
const longest = 7 * 24 * 3_600_000
const setupValid = 3_600_000
/** How often a session's last use is written down. */
const noteEvery = 60_000

const digest = (secret: string): string => hash("sha256", secret)
const idOf = (digested: string): string => digested.slice(0, 12)
const secretOf = (bytes: number): string => randomBytes(bytes).toString("base64url")

const sameSecret = "Name and password do not match."

/** Accounts over a store. */
export class Accounts {
  readonly #store: Store
  readonly #passwords: Passwords
  readonly #throttle = new Throttle()
  /** One try at a time: of many at once each waits for what became of the one before, or all would be looked at. */
  readonly #oneTry = Semaphore.makeUnsafe(1)
  #setup: { readonly hash: string; readonly until: number } | undefined

  constructor(store: Store, passwords: Passwords) {
    this.#store = store
    this.#passwords = passwords
  }

  /** True until somebody has set the first password. */
  get isSetupRequired(): boolean {
    return this.#store.all("SELECT 1 FROM account WHERE role = 'admin' LIMIT 1").length === 0
  }

  /** A new set-up token in place of any before, good for one hour. Its value is kept nowhere. */
  beginSetup(now: number): string {
    const token = secretOf(16)
    this.#setup = { hash: digest(token), until: now + setupValid }
    return token
  }

  /** Sets the password of `admin`, with the token that was printed. */
  readonly setUp = Effect.fnUntraced(
    { self: this },
    function* (token: string, password: string, origin: Origin) {
      const now = yield* Clock.currentTimeMillis
      const names = [`setup ${origin.address}`]
      yield* this.#notTooOften(names, now)
      const setup = this.#setup
      if (!this.isSetupRequired || setup === undefined || now > setup.until || digest(token) !== setup.hash) {
        this.#throttle.failed(names, now)
        return yield* new Forbidden({
          message: this.isSetupRequired
            ? "This is not the set-up token, or its hour is over. The gateway prints a new one each time it starts."
            : "The password has been set already. Log in, or have an admin make an account."
        })
      }
      const stored = yield* this.#passwords.hash(password)
      this.#store.run("INSERT INTO account VALUES ('admin', 'admin', $stored)", { stored })
      // Only now: who leaves half-way, or finds the disk full, may come again.
      this.#setup = undefined
      return this.#begin("admin", "admin", now, origin)
    },
    (effect) => this.#oneTry.withPermit(effect)
  )

  /** Begins a session. Who is not there takes as long as who has another password. */
  readonly logIn = Effect.fnUntraced(
    { self: this },
    function* (name: string, password: string, origin: Origin) {
      const now = yield* Clock.currentTimeMillis
      const names = [`address ${origin.address}`, `account ${name}`]
      yield* this.#notTooOften(names, now)
      const [account] = this.#store.all("SELECT role, password FROM account WHERE name = $name", { name })
      const stored = account === undefined ? yield* this.#passwords.hash("") : String(account["password"])
      const matches = yield* this.#passwords.matches(password, stored)
      if (account === undefined || !matches) {
        this.#throttle.failed(names, now)
        return yield* new Unauthorized({ message: sameSecret })
      }
      this.#throttle.succeeded(names)
      return this.#begin(name, account["role"] as Role, now, origin)
    },
    (effect) => this.#oneTry.withPermit(effect)
  )

  /** Another password; every other session of the account ends. */
  readonly changePassword = Effect.fnUntraced(
    { self: this },
    function* (actor: Actor, current: string, next: string) {
      const now = yield* Clock.currentTimeMillis
      const { name } = actor
      const names = [`account ${name}`]
      yield* this.#notTooOften(names, now)
      const [account] = this.#store.all("SELECT password FROM account WHERE name = $name", { name })
      if (account === undefined || actor.via === "token") {
        return yield* new Forbidden({ message: "An API token has no password." })
      }
      if (!(yield* this.#passwords.matches(current, String(account["password"])))) {
        this.#throttle.failed(names, now)
        return yield* new Forbidden({ message: "The current password is another one." })
      }
      const password = yield* this.#passwords.hash(next)
      this.#store.run("UPDATE account SET password = $password WHERE name = $name", { name, password })
      this.#store.run("DELETE FROM session WHERE account = $name AND substr(hash, 1, 12) <> $id", {
        name,
        id: actor.id
      })
    },
    (effect) => this.#oneTry.withPermit(effect)
  )

  /** Who a session's secret belongs to; undefined for none that is good any more. */
  bySession(secret: string, now: number): Actor | undefined {
    const hash = digest(secret)
    const [row] = this.#store.all(
      "SELECT a.name, a.role, s.lastSeenAt, s.createdAt FROM session s JOIN account a ON a.name = s.account WHERE s.hash = $hash",
      { hash }
    )
    if (row === undefined) return undefined
    const lastSeenAt = Number(row["lastSeenAt"])
    if (now - lastSeenAt > idle || now - Number(row["createdAt"]) > longest) {
      this.#store.tryRun("DELETE FROM session WHERE hash = $hash", { hash })
      return undefined
    }
    if (now - lastSeenAt > noteEvery)
      this.#store.tryRun("UPDATE session SET lastSeenAt = $now WHERE hash = $hash", { hash, now })
    return { name: String(row["name"]), via: "session", scopes: scopesOf[row["role"] as Role], id: idOf(hash) }
  }

  /** Who a token's value belongs to; undefined for none that is good any more. */
  byToken(value: string, now: number): Actor | undefined {
    const hash = digest(value)
    const [row] = this.#store.all(
      "SELECT id, name, scopes, lastUsedAt FROM token WHERE hash = $hash AND (expiresAt IS NULL OR expiresAt > $now)",
      { hash, now }
    )
    if (row === undefined) return undefined
    if (now - Number(row["lastUsedAt"] ?? 0) > noteEvery) {
      this.#store.tryRun("UPDATE token SET lastUsedAt = $now WHERE hash = $hash", { hash, now })
    }
    const scopes = String(row["scopes"]).split(" ") as ReadonlyArray<Scope>
    return { name: String(row["name"]), via: "token", scopes, id: String(row["id"]) }
  }

  /** Every account. */
  accounts(): ReadonlyArray<{ readonly name: string; readonly role: Role }> {
    return this.#store
      .all("SELECT name, role FROM account ORDER BY name")
      .map(({ name, role }) => ({ name: String(name), role: role as Role }))
  }

  /** Makes an account. */
  readonly addAccount = Effect.fnUntraced({ self: this }, function* (name: string, role: Role, password: string) {
    const stored = yield* this.#passwords.hash(password)
    const made = this.#store.run("INSERT INTO account VALUES ($name, $role, $stored) ON CONFLICT DO NOTHING", {
      name,
      role,
      stored
    })
    if (made === 0) return yield* new Unusable({ message: `There is an account "${name}" already.` })
    return { name, role }
  })

  /** Removes an account and its sessions. */
  readonly removeAccount = Effect.fnUntraced({ self: this }, function* (name: string) {
    const accounts = this.accounts()
    const account = accounts.find((each) => each.name === name)
    if (account === undefined) return yield* new NotFound({ message: `There is no account "${name}".` })
    if (account.role === "admin" && accounts.filter(({ role }) => role === "admin").length === 1) {
      return yield* new Unusable({ message: `"${name}" is the last admin. Make another one first.` })
    }
    this.#store.run("DELETE FROM session WHERE account = $name", { name })
    this.#store.run("DELETE FROM account WHERE name = $name", { name })
  })

  /** An account's sessions, the latest first. */
  sessions(actor: Actor) {
    return this.#store
      .all("SELECT * FROM session WHERE account = $name ORDER BY lastSeenAt DESC", { name: actor.name })
      .map((row) => ({
        id: idOf(String(row["hash"])),
        name: String(row["account"]),
        createdAt: Number(row["createdAt"]),
        lastSeenAt: Number(row["lastSeenAt"]),
        address: String(row["address"]),
        agent: String(row["agent"]),
        current: idOf(String(row["hash"])) === actor.id
      }))
  }

  /** Ends a session of an account; false when it has none of that id. */
  endSession(name: string, id: string): boolean {
    return this.#store.run("DELETE FROM session WHERE account = $name AND substr(hash, 1, 12) = $id", { name, id }) > 0
  }

  /** Every API token. */
  tokens() {
    return this.#store.all("SELECT * FROM token ORDER BY createdAt").map((row) => ({
      id: String(row["id"]),
      name: String(row["name"]),
      scopes: String(row["scopes"]).split(" ") as ReadonlyArray<Scope>,
      createdAt: Number(row["createdAt"]),
      expiresAt: row["expiresAt"] === null ? null : Number(row["expiresAt"]),
      lastUsedAt: row["lastUsedAt"] === null ? null : Number(row["lastUsedAt"])
    }))
  }

  /** Makes an API token; its value is returned this once. */
  addToken(name: string, scopes: ReadonlyArray<Scope>, expiresAt: number | null, now: number) {
    const value = `usk_${secretOf(32)}`
    const token = {
      id: idOf(digest(value)),
      name,
      scopes: [...new Set(scopes)],
      createdAt: now,
      expiresAt,
      lastUsedAt: null
    }
    this.#store.run("INSERT INTO token VALUES ($id, $hash, $name, $scopes, $now, $expiresAt, NULL)", {
      id: token.id,
      hash: digest(value),
      name,
      scopes: token.scopes.join(" "),
      now,
      expiresAt
    })
    return { token, value }
  }

  /** Removes an API token; false when there is none of that id. */
  removeToken(id: string): boolean {
    return this.#store.run("DELETE FROM token WHERE id = $id", { id }) > 0
  }

  #begin(name: string, role: Role, now: number, { address, agent }: Origin): Begun {
    const secret = secretOf(32)
    const hash = digest(secret)
    this.#store.run("DELETE FROM session WHERE lastSeenAt < $old OR createdAt < $oldest", {
      old: now - idle,
      oldest: now - longest
    })
    this.#store.run("INSERT INTO session VALUES ($hash, $name, $now, $now, $address, $agent)", {
      hash,
      name,
      now,
      address,
      agent: agent.slice(0, 200)
    })
    return { actor: { name, via: "session", scopes: scopesOf[role], id: idOf(hash) }, secret }
  }

  #notTooOften(names: ReadonlyArray<string>, now: number): Effect.Effect<void, Throttled> {
    const retryAfter = this.#throttle.waitFor(names, now)
    if (retryAfter === 0) return Effect.void
    const seconds = Math.ceil(retryAfter / 1000)
    return Effect.fail(new Throttled({ message: `Too many wrong tries. Try again in ${seconds} s.`, retryAfter }))
  }
}
