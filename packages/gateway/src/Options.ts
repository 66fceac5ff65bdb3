/**
 * Settings of a gateway's HTTP side. All have defaults; those that are settings of the file too come from its `server`.
 */

import { Size } from "@understudy/core/config/Texts"
import type { ServerConfig } from "@understudy/core/config/UnderstudyConfig"

/** What may be set. Durations in milliseconds, sizes in bytes. */
export interface Options {
  /** Default: `server.host` of the configuration, 127.0.0.1 if that says nothing. */
  readonly host?: string | undefined
  /** Default: `server.port` of the configuration, 8080 if that says nothing. 0 takes a free one. */
  readonly port?: number | undefined
  /** Largest request body, at most 512 MB. Default: `server.maxBody` of the configuration, 20 MiB if that says nothing. */
  readonly maxBody?: number | undefined
  /**
   * How long a caller waits for the first content of a stream before a comment says that somebody is there, and between two of
   * them; 0 for none. Default: `server.heartbeat` of the configuration, 15,000 if that says nothing.
   */
  readonly heartbeat?: number | undefined
  /** How long requests in flight may go on when the gateway stops. Default 30,000. */
  readonly grace?: number | undefined
  /**
   * How long it goes on accepting connections when it stops, with `/readyz` at 503, so that a load balancer notices
   * first. Default 0.
   */
  readonly drainDelay?: number | undefined
  /** Time that a caller has to send the headers. Default 15,000. */
  readonly headersTimeout?: number | undefined
  /** Time that a caller has to send headers and body. Default 120,000. Answers have no limit here: routes have deadlines. */
  readonly requestTimeout?: number | undefined
  /** How long an unused connection is kept. Default 75,000: longer than load balancers keep theirs. */
  readonly keepAliveTimeout?: number | undefined
  /** A record of each request in the access log. Default: yes, unless `server.log` of the configuration is `off`. */
  readonly accessLog?: boolean | undefined
}

/** Every setting, filled in. */
export type Settings = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> }

const atLeast = (name: keyof Settings, value: number, minimum: number): number => {
  if (Number.isInteger(value) && value >= minimum) return value
  throw new RangeError(`${name} must be a whole number >= ${minimum}, got ${value}`)
}

const atMost = (name: keyof Settings, value: number, maximum: number): number => {
  if (value <= maximum) return value
  throw new RangeError(`${name} must be at most ${maximum}, got ${value}`)
}

/** Fills in the defaults. Throws a `RangeError` that names a setting which makes no sense. */
export const resolve = (options: Options, server: ServerConfig): Settings => ({
  host: options.host ?? server.host,
  port: atLeast("port", options.port ?? server.port, 0),
  maxBody: atMost("maxBody", atLeast("maxBody", options.maxBody ?? server.maxBody, 1), Size.largestBody),
  heartbeat: atLeast("heartbeat", options.heartbeat ?? server.heartbeat, 0),
  grace: atLeast("grace", options.grace ?? 30_000, 0),
  drainDelay: atLeast("drainDelay", options.drainDelay ?? 0, 0),
  headersTimeout: atLeast("headersTimeout", options.headersTimeout ?? 15_000, 1),
  requestTimeout: atLeast("requestTimeout", options.requestTimeout ?? 120_000, 1),
  keepAliveTimeout: atLeast("keepAliveTimeout", options.keepAliveTimeout ?? 75_000, 0),
  accessLog: options.accessLog ?? server.log !== "off"
})
