/**
 * Stand-ins for variables that are not set: a configuration is checked on with them, so that everything wrong with it is
 * told at once, and whatever is wrong with a stand-in is not told a second time.
 */

// Unicode keeps this for a program's own use: no text has it.
const edge = "\ufdd0"

const any = new RegExp(`${edge}([A-Za-z_][A-Za-z0-9_]*)${edge}`, "g")

/** What stands for the variable. */
export const standIn = (name: string): string => `${edge}${name}${edge}`

/** True for a text that has a stand-in in it. */
export const isIn = (value: unknown): boolean => typeof value === "string" && value.includes(edge)

/** A text with its variables as they were written. */
export const toText = (text: string): string => text.replace(any, (_, name: string) => `\${${name}}`)
