/**
 * A provider's `proxy`, `ca` and `pool`: an address that is one, and certificates that are some.
 */
import { readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import * as Result from "effect/Result"
import type { Path } from "../../config/ConfigError.ts"
import type { Settings } from "../../config/Options.ts"
import type { Connection } from "../../upstream/Upstream.ts"
import * as ProxyAddress from "../upstream/ProxyAddress.ts"
import type { Problem } from "./Problem.ts"

/** Values of `proxy` that go past the environment's. */
const direct: ReadonlySet<string> = new Set(["none", "off"])

const isInline = (ca: string): boolean => ca.includes("-----BEGIN")

const certificate =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

const isCertificate = (pem: string): boolean => {
  const { X509Certificate } = process.getBuiltinModule("node:crypto")
  return Result.isSuccess(Result.try(() => new X509Certificate(pem)))
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error)

/** The certificates of a file or a text, or what is wrong with it. */
const toPem = (ca: string, source: string): Result.Result<string, Problem> => {
  const file = isInline(ca) ? undefined : resolve(dirname(source), ca)
  const read = Result.try({
    try: () => (file === undefined ? ca : readFileSync(file, "utf8")),
    catch: (error): Problem => ({ _tag: "NoCertificateFile", file: file ?? "", code: codeOf(error) })
  })
  return Result.flatMap(read, (text) => {
    const found = text.match(certificate) ?? []
    return found.length > 0 && found.every(isCertificate)
      ? Result.succeed(found.join("\n"))
      : Result.fail<Problem>({ _tag: "NoCertificate", file })
  })
}

/** How the provider is reached; undefined where it says nothing of its own. `source` is the configuration's file. */
export const toConnection = (
  { ca, pool, proxy }: Pick<Settings["providers"][string], "ca" | "pool" | "proxy">,
  path: Path,
  source: string,
  report: (path: Path, problem: Problem) => void
): Connection | undefined => {
  if (ca === undefined && proxy === undefined && pool === undefined) return undefined
  const given = proxy?.trim()
  const isDirect = given !== undefined && direct.has(given.toLowerCase())
  if (given !== undefined && !isDirect) {
    const address = ProxyAddress.parse(given)
    if (Result.isFailure(address)) report([...path, "proxy"], { _tag: "BadProxy", flaw: address.failure })
  }
  const pem = ca === undefined ? undefined : toPem(ca, source)
  if (pem !== undefined && Result.isFailure(pem)) report([...path, "ca"], pem.failure)
  const parts = {
    proxy: isDirect ? "none" : given,
    ca: pem === undefined ? undefined : Result.getOrUndefined(pem),
    pool: pool && { connections: pool.connections, keepAlive: pool.keepAlive }
  }
  return { id: JSON.stringify(parts), ...parts }
}
