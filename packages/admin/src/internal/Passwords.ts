/**
 * Passwords as self-describing strings, `scrypt$LOG_N$SALT$HASH`, by node's own scrypt (RFC 7914) with r = 8 and p = 1.
 *
 * At most two are worked on at a time: a hash takes 64 MB and a sixth of a second, and the gateway's calls go first.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

/** Hashes and compares. */
export interface Passwords {
  readonly hash: (password: string) => Effect.Effect<string>
  /** False for a text that is no hash, too. */
  readonly matches: (password: string, stored: string) => Effect.Effect<boolean>
}

const length = 32

const derive = (password: string, salt: Buffer, logN: number): Effect.Effect<Buffer> =>
  Effect.callback((resume) => {
    const cost = { N: 2 ** logN, r: 8, p: 1, maxmem: 256 * 2 ** logN * 8 }
    scrypt(password.normalize("NFKC"), salt, length, cost, (error, key) =>
      resume(error === null ? Effect.succeed(key) : Effect.die(error))
    )
  })

/** `logN` is the binary logarithm of scrypt's N for new hashes; 16 is 64 MB. */
export const make = (logN = 16): Passwords => {
  const two = Semaphore.makeUnsafe(2)
  return {
    hash: (password) => {
      const salt = randomBytes(16)
      return two.withPermit(
        Effect.map(
          derive(password, salt, logN),
          (key) => `scrypt$${logN}$${salt.toString("base64url")}$${key.toString("base64url")}`
        )
      )
    },
    matches: (password, stored) => {
      const [scheme, cost = "", salt = "", hash = ""] = stored.split("$")
      const expected = Buffer.from(hash, "base64url")
      if (scheme !== "scrypt" || !/^\d{1,2}$/.test(cost) || expected.length !== length) return Effect.succeed(false)
      return two.withPermit(
        Effect.map(derive(password, Buffer.from(salt, "base64url"), Number(cost)), (key) =>
          timingSafeEqual(key, expected)
        )
      )
    }
  }
}
