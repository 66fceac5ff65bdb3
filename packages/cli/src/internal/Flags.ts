/** Flags that several commands have. */
import type { Catalogue } from "@understudy/mocks/Catalogue"
import * as Flag from "effect/cli/Flag"
import { getOrUndefined } from "effect/Option"
import type { Redacted } from "effect/Redacted"
import type { Messages } from "../Messages.ts"

type Help = Messages["help"]

/** A switch that is off by itself. */
export const toggle = (name: string, description: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

/** A flag that may be left out. */
export const maybe = <A>(flag: Flag.Flag<A>): Flag.Flag<A | undefined> =>
  flag.pipe(Flag.optional, Flag.map(getOrUndefined))

/** A text that may be left out. */
export const text = (name: string, description: string): Flag.Flag<string | undefined> =>
  Flag.String(name).pipe(Flag.withDescription(description), maybe)

/** A text with a default. */
export const textOr = (name: string, description: string, otherwise: string): Flag.Flag<string> =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.withDefault(otherwise))

/** A whole number that may be left out. */
export const int = (name: string, description: string): Flag.Flag<number | undefined> =>
  Flag.Int(name).pipe(Flag.withDescription(description), maybe)

/** A secret that may be left out. */
export const secret = (name: string, description: string): Flag.Flag<Redacted<string> | undefined> =>
  Flag.Redacted(name).pipe(Flag.withDescription(description), maybe)

/** One of some words, or none. */
export const oneOf = <const Word extends string>(
  name: string,
  words: ReadonlyArray<Word>,
  description: string
): Flag.Flag<Word | undefined> =>
  Flag.Literals(name, words).pipe(Flag.withMetavar(words.join("|")), Flag.withDescription(description), maybe)

/** `--catalogue` */
export const catalogue = (description: string): Flag.Flag<Catalogue | undefined> =>
  oneOf("catalogue", ["2025", "2026", "both"], description)

/** `--workers`: 1 by itself. */
export const workers = (help: Help): Flag.Flag<number> =>
  Flag.Int("workers").pipe(
    Flag.withDescription(help.workers),
    Flag.filter(
      (count) => count >= 1 && count <= 256,
      () => help.aWorkerCount
    ),
    Flag.withDefault(1)
  )

/** `--quiet` */
export const quiet = (help: Help): Flag.Flag<boolean> => toggle("quiet", help.quiet)

/** `--config` */
export const config = (description: string): Flag.Flag<string | undefined> =>
  Flag.String("config").pipe(Flag.withAlias("c"), Flag.withDescription(description), maybe)

/** `--host`, the loopback by itself. */
export const host = (help: Help): Flag.Flag<string> => textOr("host", help.host, "127.0.0.1")

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
export const speed = (help: Help, description: string): Flag.Flag<number | undefined> =>
  Flag.Finite("speed").pipe(
    Flag.withDescription(description),
    Flag.filter(
      (speed) => speed >= 1 && speed <= 100,
      () => help.aSpeed
    ),
    maybe
  )

/** `--port` with a default. */
export const port = (help: Help, otherwise: number): Flag.Flag<number> => portNamed("port", help.port, help, otherwise)

/** A port whose default stands elsewhere. */
export const optionalPortNamed = (name: string, description: string, help: Help): Flag.Flag<number | undefined> =>
  maybe(anyPort(name, description, help))

/** `--port` whose default stands elsewhere. */
export const optionalPort = (help: Help): Flag.Flag<number | undefined> => optionalPortNamed("port", help.port, help)
