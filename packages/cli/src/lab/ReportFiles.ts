/** The reports of a run as files, and the summary of a build on GitHub. */
import { accessSync, appendFileSync, constants, mkdirSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import * as Html from "@understudy/lab/report/Html"
import * as Json from "@understudy/lab/report/Json"
import * as JUnit from "@understudy/lab/report/JUnit"
import type { Judged } from "@understudy/lab/report/Judged"
import * as Markdown from "@understudy/lab/report/Markdown"
import type { StoredRun } from "@understudy/lab/report/StoredRun"
import * as Effect from "effect/Effect"
import { type Failed, failed } from "../Failed.ts"
import { valueOf } from "../internal/Environment.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"
import * as TextFile from "./TextFile.ts"

/** Each format: its file, and how it is written. */
const formats = {
  html: ["report.html", Html.render],
  json: [
    "report.json",
    (judged: ReadonlyArray<Judged>, _: Language, earlier: ReadonlyArray<StoredRun>) => Json.encode(judged, earlier)
  ],
  junit: ["junit.xml", JUnit.render],
  md: ["summary.md", Markdown.render]
} as const

/** The file that is read again. */
export const json = formats.json[0]

/** A format. */
export type Format = keyof typeof formats

/** Every format. */
export const names = Object.keys(formats) as ReadonlyArray<Format>

/** True for the name of a format. */
export const isFormat = (name: string): name is Format => name in formats

const writing = (messages: Messages, file: string, write: () => void): Effect.Effect<void, Failed> =>
  Effect.try({
    try: write,
    catch: (error) => failed(messages.lab.cannotWrite(file, TextFile.why(messages, error)))
  })

/** Makes the folder of reports: where that fails, nothing needs to be run first. */
export const prepare = (messages: Messages, folder: string): Effect.Effect<void, Failed> =>
  writing(messages, folder, () => {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  })

/** Writes reports into a folder that was prepared, and returns their paths. */
export const write = Effect.fnUntraced(function* (
  messages: Messages,
  judged: ReadonlyArray<Judged>,
  {
    earlier = [],
    folder,
    language,
    wanted
  }: {
    readonly folder: string
    readonly language: Language
    readonly wanted: ReadonlyArray<Format>
    /** Runs of the report before, which stay in the one that is read again; none unless told otherwise. */
    readonly earlier?: ReadonlyArray<StoredRun>
  }
): Effect.fn.Return<ReadonlyArray<string>, Failed> {
  const written = wanted.map((format) => {
    const [name, render] = formats[format]
    return { file: path.join(folder, name), text: render(judged, language, earlier) }
  })
  for (const { file, text } of written) yield* writing(messages, file, () => writeFileSync(file, text))
  return written.map(({ file }) => file)
})

/** Appends the summary to that of the build, where there is one. */
export const summarise = (
  messages: Messages,
  judged: ReadonlyArray<Judged>,
  language: Language
): Effect.Effect<void, Failed> => {
  const file = valueOf(process.env, "GITHUB_STEP_SUMMARY")
  if (file === undefined) return Effect.void
  return writing(messages, file, () => appendFileSync(file, Markdown.render(judged, language)))
}
