/**
 * Everything that a person reads, in Chinese and English, by command. A group holds both languages side by side and is
 * checked by its type: a message that one of them lacks does not compile.
 */
import type { Language } from "./Language.ts"
import { calls } from "./messages/Calls.ts"
import { chat } from "./messages/Chat.ts"
import { check } from "./messages/Check.ts"
import { common } from "./messages/Common.ts"
import { config } from "./messages/Config.ts"
import { demo } from "./messages/Demo.ts"
import { explain } from "./messages/Explain.ts"
import { help } from "./messages/Help.ts"
import { init } from "./messages/Init.ts"
import { initFiles } from "./messages/InitFiles.ts"
import { lab } from "./messages/Lab.ts"
import { labHelp } from "./messages/LabHelp.ts"
import { labRecord } from "./messages/LabRecord.ts"
import { labTarget } from "./messages/LabTarget.ts"
import { serve } from "./messages/Serve.ts"

/** The groups, each in both languages. */
export const catalogue = {
  calls,
  chat,
  check,
  common,
  config,
  demo,
  explain,
  help,
  init,
  initFiles,
  lab,
  labHelp,
  labRecord,
  labTarget,
  serve
} as const

/** The messages of one language. */
export type Messages = { readonly [Name in keyof typeof catalogue]: (typeof catalogue)[Name]["en"] }

/** The messages of a language. */
export const of = (language: Language): Messages =>
  Object.fromEntries(Object.entries(catalogue).map(([name, group]) => [name, group[language]])) as Messages
