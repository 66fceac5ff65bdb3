/**
 * Runs the command line as a process: signals, exit codes, and what is printed when something fails.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong command line, 130 broken off. The first Ctrl-C stops what runs and cleans up; the
 * second ends the process at once.
 */
import * as Cause from "effect/Cause"
import { isCliError } from "effect/cli/CliError"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Cli from "./Cli.ts"
import { Failed } from "./Failed.ts"
import * as Hangup from "./internal/Hangup.ts"
import * as Stop from "./internal/Stop.ts"
import * as Style from "./internal/Style.ts"
import * as Language from "./Language.ts"
import * as Messages from "./Messages.ts"

const tell = (text: string): void => void process.stderr.write(`${text}\n`)

const complain = (messages: Messages.Messages, text: string): void => {
  if (text !== "") tell(`${Style.forStream(process.stderr).red(messages.common.error)} ${text}`)
}

/** A defect is our own fault: it is named, and shown whole only to those who ask. */
const complainOfDefect = (messages: Messages.Messages, cause: Cause.Cause<unknown>): void => {
  const debug = (process.env["UNDERSTUDY_DEBUG"] ?? "") !== ""
  const squashed = Cause.squash(cause)
  const what = squashed instanceof Error ? squashed.message : String(squashed)
  complain(
    messages,
    `${messages.common.unexpected(what)}\n${debug ? Cause.pretty(cause) : messages.common.unexpectedHint}`
  )
}

/** Says what failed, unless that has been done, and returns the exit code. */
export const conclude = (messages: Messages.Messages, exit: Exit.Exit<void, unknown>): number => {
  if (exit._tag === "Success") return 0
  const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error
  if (failure instanceof Failed) {
    // Whoever broke it off knows: no error, but the question that was left open ends its line.
    if (failure.exitCode === 130) tell(`\n${failure.message}`)
    else complain(messages, failure.message)
    return failure.exitCode
  }
  if (isCliError(failure)) {
    // What is wrong has been presented; help that nobody asked for, with nothing wrong, is no failure.
    if (failure._tag === "ShowHelp") return failure.errors.length === 0 ? 0 : 2
    complain(messages, failure.message)
    return 2
  }
  if (Cause.hasInterruptsOnly(exit.cause)) {
    tell(messages.common.interrupted)
    return 130
  }
  complainOfDefect(messages, exit.cause)
  return 1
}

// Some versions of npm hand on a Ctrl-C that the terminal has sent to the whole group already.
const samePress = 100

const signals = ["SIGINT", "SIGTERM"] as const

/** Runs a command line, then ends the process. */
export const main = (args: ReadonlyArray<string>): void => {
  const language = Language.detect(args)
  const messages = Messages.of(language)
  const { request, stop } = Stop.make()
  const fiber = Effect.runFork(Effect.provideService(Cli.run(language, args), Stop.Stop, stop))
  let asked: number | undefined
  const onSignal = (): void => {
    const now = performance.now()
    if (asked !== undefined) return now - asked > samePress ? process.exit(130) : undefined
    asked = now
    if (!request()) fiber.interruptUnsafe()
  }
  for (const signal of signals) process.on(signal, onSignal)
  process.on("SIGHUP", () => Hangup.heard() || onSignal())
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1))
  fiber.addObserver((exit) => {
    const code = conclude(messages, exit)
    process.stdout.write("", () => process.exit(code))
  })
}
