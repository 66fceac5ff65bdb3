import { createClient } from "@redis/client"
import { ChangeText, Sharing } from "@understudy/core"
import * as RedisSharing from "@understudy/redis/RedisSharing"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { missing, Server } from "./server.ts"

let server: Server
let scope: Scope.Closeable

const change = (origin: string, at: number, key = "h1"): Sharing.Change => ({
  ...{ provider: "p", at, origin },
  fact: { _tag: "Key", key, state: { _tag: "Disabled" } }
})

interface Replica {
  readonly sharing: Sharing.Sharing
  readonly heard: Array<Sharing.Change>
  /** Whom it hears. */
  readonly hears: Set<string>
  readonly news: Array<RedisSharing.News["_tag"]>
  readonly known: Array<Sharing.Change>
}

/** A replica that shares over the server, and has joined. */
const replica = async (prefix?: string): Promise<Replica> => {
  const heard: Array<Sharing.Change> = []
  const hears = new Set<string>()
  const news: Array<RedisSharing.News["_tag"]> = []
  const known: Array<Sharing.Change> = []
  const options = { url: server.url, prefix, onNews: ({ _tag }: RedisSharing.News) => void news.push(_tag) }
  const sharing = await Effect.runPromise(RedisSharing.make(options).pipe(Scope.provide(scope)))
  const hear = (each: Sharing.Change) => void (each.provider === "ready" ? hears.add(each.origin) : heard.push(each))
  await Effect.runPromise(sharing.join({ hear, known: () => known }).pipe(Scope.provide(scope)))
  return { sharing, heard, hears, news, known }
}

const lease = ({ sharing }: Replica, name: string, millis: number) => Effect.runPromise(sharing.lease(name, millis))

/** Until each of them hears all. */
const together = async (...replicas: ReadonlyArray<Replica>): Promise<void> => {
  const origins = replicas.map(({ sharing }) => sharing.origin)
  for (const { hears } of replicas) hears.clear()
  await vi.waitFor(
    () => {
      for (const origin of origins) {
        const ready = { ...change(origin, performance.now(), origin), provider: "ready" }
        for (const { sharing } of replicas) if (sharing.origin === origin) sharing.publish(ready)
      }
      for (const { hears } of replicas) expect([...hears]).toEqual(expect.arrayContaining(origins))
    },
    { timeout: 8_000, interval: 30 }
  )
}

describe.skipIf(missing)("RedisSharing, with a real server", () => {
  beforeEach(async () => {
    server = await Server.start()
    scope = await Effect.runPromise(Scope.make())
  })
  afterEach(async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    server.freeze(false)
    await server.stop()
  })

  it("tells the others within a second, and those who join later, and nobody under another prefix", async () => {
    const [one, other, stranger] = [await replica(), await replica(), await replica("elsewhere")]
    await together(one, other)
    one.sharing.publish(change("one", 1_000_000_000_000_000))
    await vi.waitFor(() => expect(other.heard).toEqual([change("one", 1_000_000_000_000_000)]), 1_000)
    const late = await replica()
    await vi.waitFor(() => expect(late.heard).toContainEqual(change("one", 1_000_000_000_000_000)), 5_000)
    expect(stranger.heard).toEqual([])
  })

  it("keeps the later of two changes, whichever comes first", async () => {
    const [one, other] = [await replica(), await replica()]
    await together(one, other)
    const [older, newer] = [change("a", 1_000_000_000_000_000), change("b", 1_000_000_000_000_000)]
    one.sharing.publish(newer)
    one.sharing.publish(older)
    one.sharing.publish(change("c", 1, "h2"))
    await vi.waitFor(() => expect(other.heard).toEqual([newer, change("c", 1, "h2")]))
    const late = await replica()
    await vi.waitFor(() => expect(late.heard).toContainEqual(newer), 5_000)
    expect(late.heard).not.toContainEqual(older)
  })

  it("gives leave to one of all, until the time is over", async () => {
    const [one, other] = [await replica(), await replica()]
    await together(one, other)
    const answers = await Promise.all([lease(one, "probe", 200), lease(other, "probe", 200), lease(one, "probe", 200)])
    expect(answers.filter((leave) => leave)).toHaveLength(1)
    await vi.waitFor(async () => expect(await lease(other, "probe", 5_000)).toBe(true))
    expect(await lease(one, "probe", 5_000)).toBe(false)
    expect(await lease(one, "another probe", 5_000)).toBe(true)
  })

  it("loses nothing when the server is started anew, empty, and says once that it was gone and once that it is back", async () => {
    const [one, other] = [await replica(), await replica()]
    await together(one, other)
    await server.stop()
    await vi.waitFor(() => expect(one.news).toEqual(["Lost"]))
    one.known.push(change("one", 7))
    one.sharing.publish(change("one", 7))
    expect(await lease(one, "probe", 5_000)).toBe(true)
    expect(await lease(other, "probe", 5_000)).toBe(true)
    await server.start()
    await vi.waitFor(() => expect(other.heard).toContainEqual(change("one", 7)), 8_000)
    expect([one.news, other.news]).toEqual([
      ["Lost", "Back"],
      ["Lost", "Back"]
    ])
  })

  it("starts without a server, and gives leave to everybody while one hangs", async () => {
    await server.stop()
    const one = await replica()
    expect(await lease(one, "probe", 5_000)).toBe(true)
    await vi.waitFor(() => expect(one.news).toEqual(["Lost"]))
    await server.start()
    const other = await replica()
    await together(one, other)
    server.freeze(true)
    const asked = performance.now()
    expect(await Promise.all([lease(one, "probe", 5_000), lease(other, "probe", 5_000)])).toEqual([true, true])
    expect(performance.now() - asked).toBeLessThan(3_000)
    server.freeze(false)
    await together(one, other)
  })

  it("lets alone what it cannot read, and clears away what nobody needs", async () => {
    const client = await createClient({ url: server.url }).connect()
    const disabled = change("old", 1)
    const old: Sharing.Change = {
      ...{ provider: "p", at: 1, origin: "old" },
      fact: { _tag: "Key", key: "h3", state: { _tag: "Available", consecutiveFailures: 0, lastFailureAt: 0 } }
    }
    await client.hSet("understudy:state", { strange: "{}", old: ChangeText.toText(old) })
    await client.hSet("understudy:state", Sharing.subjectOf(disabled), ChangeText.toText(disabled))
    const one = await replica()
    await vi.waitFor(async () => expect(await client.hGet("understudy:state", "old")).toBeNull(), 5_000)
    await vi.waitFor(() => expect(one.heard).toEqual([disabled]))
    expect(await client.hGet("understudy:state", "strange")).toBe("{}")
    client.destroy()
  })
})
