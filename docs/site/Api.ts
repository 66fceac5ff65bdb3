/** The API reference: TypeDoc's pages, put into the site. Its links to sources lead to pages of the site. */
import { execFileSync } from "node:child_process"
import { globSync, readFileSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { inflateSync } from "node:zlib"
import { type Entry, rootOf } from "./Site.ts"

/** A row of TypeDoc's own search. */
interface Row {
  readonly name: string
  readonly url: string
  readonly parent?: string
}

const isRow = (row: unknown): row is Row =>
  typeof row === "object" && row !== null && "name" in row && typeof row.name === "string" && "url" in row

/** TypeDoc's index of names, as its pages load it. */
const rowsOf = (folder: string): ReadonlyArray<Row> => {
  const [, packed = ""] = /"(.+)"/.exec(readFileSync(path.join(folder, "assets/search.js"), "utf8")) ?? []
  const data: unknown = JSON.parse(inflateSync(Buffer.from(packed, "base64")).toString())
  if (typeof data !== "object" || data === null || !("rows" in data) || !Array.isArray(data.rows))
    throw new Error("assets/search.js of this TypeDoc has no rows")
  return data.rows.filter(isRow)
}

/** What was made. */
export interface Api {
  readonly entries: ReadonlyArray<Entry>
  /** The files of the repository that pages link to. */
  readonly sources: ReadonlyArray<string>
}

/** Writes the reference into `folder/api`. Fails where TypeDoc warns. */
export const write = (root: string, folder: string): Api => {
  const out = path.join(folder, "api")
  const options = path.join(root, "docs/typedoc.json")
  execFileSync(
    process.execPath,
    [path.join(root, "docs/node_modules/typedoc/bin/typedoc"), "--options", options, "--out", out],
    {
      cwd: path.join(root, "docs"),
      stdio: "inherit"
    }
  )
  const sources = new Set<string>()
  for (const page of globSync("**/*.html", { cwd: out })) {
    const text = readFileSync(path.join(out, page), "utf8")
    const up = rootOf(`api/${page}`)
    for (const [, file = ""] of text.matchAll(/site:source\/([^"#]+)\.html/g)) sources.add(file)
    writeFileSync(path.join(out, page), text.replaceAll('"site:', `"${up}`))
  }
  const entries = rowsOf(out).map(
    ({ name, parent, url }): Entry => ({
      kind: "module",
      title: name,
      ...(parent === undefined ? {} : { page: parent }),
      url: `api/${url}`,
      text: ""
    })
  )
  return { entries, sources: [...sources].sort() }
}
