/** Flags that several commands have. */
import * as Flag from "effect/cli/Flag"
import type * as Option from "effect/Option"
import type { Messages } from "../Messages.ts"

type Help = Messages["help"]

/** A switch that is off by itself. */
export const toggle = (name: string, description: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

/** `--quiet` */
export const quiet = (help: Help): Flag.Flag<boolean> => toggle("quiet", help.quiet)

/** `--config` */
export const config = (help: Help): Flag.Flag<Option.Option<string>> =>
  Flag.String("config").pipe(Flag.withAlias("c"), Flag.withDescription(help.config), Flag.optional)

/** `--host`, the loopback by itself. */
export const host = (help: Help): Flag.Flag<string> =>
  Flag.String("host").pipe(Flag.withDescription(help.host), Flag.withDefault("127.0.0.1"))

const anyPort = (name: string, description: string, help: Help): Flag.Flag<number> =>
  Flag.Int(name).pipe(
    Flag.withDescription(description),
    Flag.filter(
      (port) => port >= 0 && port <= 65535,
      () => help.aPort
    )
  )

/** A port with a default. */
export const portNamed = (name: string, description: string, help: Help, otherwise: number): Flag.Flag<number> =>
  anyPort(name, description, help).pipe(Flag.withDefault(otherwise))

/** `--speed`: how many times faster than real time. */
export const speed = (help: Help, description: string): Flag.Flag<Option.Option<number>> =>
  Flag.Finite("speed").pipe(
    Flag.withDescription(description),
    Flag.filter(
      (speed) => speed >= 1 && speed <= 100,
      () => help.aSpeed
    ),
    Flag.optional
  )

/** `--port` with a default. */
export const port = (help: Help, otherwise: number): Flag.Flag<number> => portNamed("port", help.port, help, otherwise)

/** A port whose default stands elsewhere. */
export const optionalPortNamed = (name: string, description: string, help: Help): Flag.Flag<Option.Option<number>> =>
  anyPort(name, description, help).pipe(Flag.optional)

/** `--port` whose default stands elsewhere. */
export const optionalPort = (help: Help): Flag.Flag<Option.Option<number>> => optionalPortNamed("port", help.port, help)
