/**
 * The one way in which a command fails as expected: a message that says what failed, with which value, and what to do
 * next; and the exit code. It is printed without a stack.
 */
import { TaggedError } from "@understudy/core/failure/TaggedError"

/** 1: what was asked for failed. 2: it was asked for wrongly. 130: broken off by Ctrl-C. */
export type ExitCode = 1 | 2 | 130

/** A command that failed. An empty message means that everything has been said. */
export class Failed extends TaggedError("Failed")<{
  readonly message: string
  readonly exitCode: ExitCode
}> {}

/** A failure with exit code 1. */
export const failed = (message: string): Failed => new Failed({ message, exitCode: 1 })

/** A failure with exit code 2: the command line is at fault. */
export const misused = (message: string): Failed => new Failed({ message, exitCode: 2 })

/** A failure whose message is the given error's. */
export const fromError = (error: { readonly message: string }): Failed => failed(error.message)
