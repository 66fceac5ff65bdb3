/** Texts on their way to people and models. */

/** A text cut to so many characters, never inside of one: half an emoji is no text, and servers refuse it. */
export const cut = (text: string, length: number): string => {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)}…`
}
