/** The replicas of a program that holds the core itself share keys and circuits. */
import { Understudy } from "@understudy/core"
import { RedisSharing } from "@understudy/redis"
import * as Layer from "effect/Layer"

/** The core, with what replicas tell each other. */
export const replica = Understudy.layerYaml().pipe(Layer.provide(RedisSharing.layer({ url: "redis://127.0.0.1:6379" })))
