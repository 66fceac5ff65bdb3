/**
 * @understudy/redis: replicas of Understudy share what they know of keys and circuits over Redis or Valkey.
 */

export * as RedisSharing from "./RedisSharing.ts"
