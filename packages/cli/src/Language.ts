/**
 * The language of what a person reads: Chinese or English.
 *
 * `--lang` decides; without it the locale does: Chinese where it begins with `zh`, else English.
 */

/** A language that everything on screen exists in. */
export type Language = "zh" | "en"

/** Every language. */
export const languages: ReadonlyArray<Language> = ["zh", "en"]

const isLanguage = (value: string | undefined): value is Language => value === "zh" || value === "en"

/** The language that the arguments name, wherever `--lang` stands: help is written before they are parsed. */
const asked = (args: ReadonlyArray<string>): Language | undefined => {
  for (const [index, arg] of args.entries()) {
    if (arg === "--") return undefined
    const value = arg === "--lang" ? args[index + 1] : arg.startsWith("--lang=") ? arg.slice(7) : undefined
    if (isLanguage(value)) return value
  }
  return undefined
}

/** The locale as POSIX orders its variables; where none is set (Windows), what the system says. */
const localeOf = (env: Readonly<Record<string, string | undefined>>): string => {
  const named = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value !== undefined && value !== "")
  return named ?? new Intl.DateTimeFormat().resolvedOptions().locale
}

/** The language for these arguments in this environment. */
export const detect = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string | undefined>> = process.env
): Language => asked(args) ?? (localeOf(env).toLowerCase().startsWith("zh") ? "zh" : "en")
