/**
 * The gateway's HTTP side: defaults filled in, origins and names as browsers spell them.
 */
import type { Path } from "../../config/ConfigError.ts"
import type { ServerConfig } from "../../config/Configuration.ts"
import type { ServerOptions } from "../../config/Options.ts"
import { expectations, type Problem } from "../../config/Problem.ts"
import * as Size from "../../config/Size.ts"

/** A few images in base64, in bytes. */
const defaultMaxBody = 20 * 1024 * 1024

/** Without the port that the scheme stands for. */
const toOrigin = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\/$/, "")
    .replace(/^(http:.*):80$|^(https:.*):443$/, "$1$2")

const toHost = (text: string): string => text.toLowerCase().replace(/:\d+$/, "")

const toMaxBody = (
  size: NonNullable<ServerOptions["maxBody"]>,
  report: (path: Path, problem: Problem) => void
): number => {
  const bytes = Size.parse(size)
  if (bytes !== undefined && bytes >= 1 && bytes <= Size.largestBody) return bytes
  const got = JSON.stringify(size)
  report(["server", "maxBody"], { _tag: "Unexpected", expected: expectations.bodySize, kind: "bodySize", got })
  return defaultMaxBody
}

/** Checks meaning and fills in defaults. */
export const normalise = (options: ServerOptions, report: (path: Path, problem: Problem) => void): ServerConfig => {
  const { admin, cors = [], host = "127.0.0.1", hosts = [], maxBody, port = 8080 } = options
  return {
    host,
    port,
    admin: { host: admin?.host ?? "127.0.0.1", port: admin?.port ?? 8001 },
    maxBody: maxBody === undefined ? defaultMaxBody : toMaxBody(maxBody, report),
    cors: cors.map(toOrigin),
    hosts: hosts.map(toHost)
  }
}
