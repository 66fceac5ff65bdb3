/** How several gateways of one configuration share what they know of keys and circuits, where the configuration says so. */
import type * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Failed, failed } from "../Failed.ts"
import type { Messages } from "../Messages.ts"

/** What it says, and to whom. */
export interface Options {
  readonly messages: Messages
  readonly config: UnderstudyConfig.UnderstudyConfig
  /** Told when the server that they share over is out of reach, and when it is back. */
  readonly note: (line: string) => void
}

// Loaded where it is wanted: few have several gateways.
const load = (messages: Messages) =>
  Effect.tryPromise({
    try: () => import("@understudy/redis/RedisSharing"),
    catch: () => failed(messages.serve.replicasMissing)
  })

/** To be provided to the core. */
export const layer = ({ config, messages, note }: Options): Layer.Layer<never, Failed> => {
  const { replicas } = config.server
  if (replicas === undefined) return Layer.empty
  const { replicasBack, replicasLost } = messages.serve
  return Layer.unwrap(
    Effect.map(load(messages), (RedisSharing) =>
      RedisSharing.layer({
        ...replicas,
        onNews: (news) => note(news._tag === "Lost" ? replicasLost(news.reason) : replicasBack)
      })
    )
  )
}
