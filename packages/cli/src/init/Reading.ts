/** What was read of a key that nobody can see while it is typed: enough to tell a cut or doubled paste, too little to use it. */
import type { Messages } from "../Messages.ts"

/** Of a shorter text its end would be too much of it. */
const shortest = 12

/** A character that cannot be seen, or not be told from another one, by its code. */
const strange = /[^\x20-\x7e]/u

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`

/** `Read: 35 characters, ending in "ab12".` */
export const describe = ({ init }: Messages, text: string): string => {
  const characters = [...text]
  const end = characters.slice(-4).map((each) => (strange.test(each) ? codeOf(each) : each))
  const [foreign] = strange.exec(text) ?? []
  return init.read(
    characters.length,
    characters.length < shortest ? undefined : end.join(""),
    foreign === undefined ? undefined : codeOf(foreign)
  )
}
