/**
 * Help, version and wrong command lines in the reader's language. The layout is effect/cli's; a wrong command line gets
 * what is wrong and where help is, not the whole help.
 */
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import type { HelpDoc } from "effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Messages } from "../Messages.ts"
import * as Output from "./Output.ts"
import * as Style from "./Style.ts"

const translateGlobals = ({ help }: Messages, doc: HelpDoc): HelpDoc => {
  const globals = help.globals as Readonly<Record<string, string>>
  const flags = (doc.globalFlags ?? []).map((flag) => {
    const text = globals[flag.name]
    return text === undefined ? flag : { ...flag, description: Option.some(text) }
  })
  return { ...doc, globalFlags: flags }
}

const formatHelp = (messages: Messages, doc: HelpDoc): string => {
  const formatter = CliOutput.defaultFormatter({ colors: Style.canColour(process.stdout) })
  let text = formatter.formatHelpDoc(translateGlobals(messages, doc))
  for (const [heading, translated] of Object.entries(messages.help.headings)) {
    // A heading stands alone on its line, at most between two colour codes.
    if (heading.startsWith("(")) text = text.replaceAll(` ${heading}`, ` ${translated}`)
    else
      text = text.replace(
        new RegExp(`^((?:\\u001b\\[\\d+m)?)${heading}((?:\\u001b\\[\\d+m)?)$`, "m"),
        `$1${translated}$2`
      )
  }
  return text
}

const suggestion = ({ common, help }: Messages, names: ReadonlyArray<string>): string =>
  names.length === 0 ? "" : `${common.gap}${help.didYouMean(names.join(" / "))}`

/** What a value should have been, in the reader's language where it is one of ours. */
const expectedOf = ({ help }: Messages, { expected, option }: CliError.InvalidValue): string => {
  if (option.endsWith("port")) return help.aPort
  if (option === "speed") return help.aSpeed
  return expected.includes("finite number") || expected.includes("integer") ? help.aWholeNumber : expected
}

/** What is wrong with a command line, as one sentence. */
export const explainError = (messages: Messages, error: CliError.NonShowHelpErrors): string => {
  const { help } = messages
  switch (error._tag) {
    case "UnrecognizedOption":
      return help.unknownFlag(error.option) + suggestion(messages, error.suggestions)
    case "UnknownSubcommand":
      return help.unknownCommand(error.subcommand) + suggestion(messages, error.suggestions)
    case "MissingOption":
      return help.missingFlag(error.option)
    case "MissingArgument":
      return help.missingArgument(error.argument)
    case "UnexpectedArgument":
      return help.unexpected(error.arguments.join(" "))
    case "InvalidValue":
      return help.invalidValue(
        error.kind === "flag" ? `--${error.option}` : error.option,
        error.value,
        expectedOf(messages, error)
      )
    default:
      return error.message
  }
}

const present = (messages: Messages) => (event: CliOutput.Presenter.Event) => {
  switch (event._tag) {
    case "Help":
      return Output.print(formatHelp(messages, event.helpDoc))
    case "Version":
      return Output.print(event.version)
    case "InvalidInvocation": {
      const style = Style.forStream(process.stderr)
      return Output.tell(
        ...event.errors.map((error) => `${style.red(messages.common.error)} ${explainError(messages, error)}`),
        messages.common.seeHelp(event.commandPath.join(" "))
      )
    }
  }
}

/** Presents everything of effect/cli's own. */
export const layer = (messages: Messages): Layer.Layer<never> =>
  CliOutput.layerPresenter({ present: (event) => Effect.suspend(() => present(messages)(event)) })
