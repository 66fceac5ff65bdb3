/** A group of messages in both languages; what one of them has, the other must have, with the same parameters. */
import type { Language } from "../Language.ts"

/** Puts the two languages of a group together. */
export const define = <Group>(group: { readonly en: Group; readonly zh: NoInfer<Group> }): Record<Language, Group> =>
  group
