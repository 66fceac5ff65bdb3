/** The rules about what no file may hold, whatever its language. */
import type { File, Violation } from "../Source.ts"

/** No file holds what looks like a vendor's API key; `sk-demo-…` is what examples use. */
export const secrets = (files: ReadonlyArray<File>): ReadonlyArray<Violation> =>
  eachMatch(
    files,
    /\bsk-[A-Za-z0-9]{20,}/g,
    (key) => `${key.slice(0, 6)}… looks like an API key: revoke it, and write sk-demo-… instead`
  )

/** No file names a package registry's host: where packages come from is the choice of whoever installs. */
export const registries = (files: ReadonlyArray<File>): ReadonlyArray<Violation> =>
  eachMatch(
    files,
    hosts,
    (host) => `names the package registry ${host}: leave the choice to the reader's npm configuration`
  )

const hosts =
  /\bregistry\.(?:npm\.)?[a-z0-9-]+\.[a-z]{2,3}\b|\bnpm\.pkg\.github\.com\b|\b(?:pypi|files\.pythonhosted)\.org\b/g

const eachMatch = (
  files: ReadonlyArray<File>,
  pattern: RegExp,
  message: (match: string) => string
): ReadonlyArray<Violation> =>
  files.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map((match) => ({
      path,
      line: text.slice(0, match.index).split("\n").length,
      message: message(match[0])
    }))
  )
