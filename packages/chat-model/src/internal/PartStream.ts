/**
 * A streamed answer of the core's as a `Stream` of parts.
 *
 * The core pushes frames into a queue and the reader takes whatever has gathered, as one array: no Effect operator runs a
 * part. A reader that falls behind by more than `highWater` parts stops the flow from the vendor until it has caught up.
 * Ending the stream, in whatever way, interrupts the call, and that aborts the upstream request.
 */
import type { Call, Failover } from "@understudy/core/failover/Failover"
import type { Flow } from "@understudy/core/failover/StreamReader"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { type ChatModelError, fromFailover } from "../ChatModelError.ts"
import type { ChatPart } from "../ChatPart.ts"
import { PartMapper } from "./PartMapper.ts"

/** Parts that may wait for a slow reader before the flow is stopped. */
export const highWater = 256

/** The parts of the answer to a call. Each run of the stream is a call of its own. */
export const make = (failover: Failover["Service"], call: Call): Stream.Stream<ChatPart, ChatModelError> =>
  Stream.suspend(() => {
    let flow: Flow | undefined
    let mapper: PartMapper | undefined
    let paused = false
    const parts = Stream.callback<ChatPart, ChatModelError>((queue) =>
      failover
        .stream(call, {
          begin: (head, theFlow) => {
            flow = theFlow
            mapper = new PartMapper(head)
          },
          write: ({ chunks }) => {
            const batch: Array<ChatPart> = []
            for (const chunk of chunks) mapper?.push(chunk, batch)
            if (batch.length === 0) return
            Queue.offerAllUnsafe(queue, batch)
            if (paused || Queue.sizeUnsafe(queue) <= highWater) return
            paused = true
            flow?.pause()
          }
        })
        .pipe(
          Effect.mapBoth({
            onFailure: fromFailover,
            onSuccess: ({ trail }) => {
              const batch: Array<ChatPart> = []
              mapper?.end(batch, trail)
              Queue.offerAllUnsafe(queue, batch)
              return Queue.endUnsafe(queue)
            }
          })
        )
    )
    return Stream.mapArray(parts, (taken) => {
      if (paused) {
        paused = false
        flow?.resume()
      }
      return taken
    })
  })
