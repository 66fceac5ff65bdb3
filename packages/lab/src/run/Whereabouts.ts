/** Where an attempt went. */
import type { Attempt, Path } from "./Run.ts"

/** Its target: without its key. */
export const targetOf = ({ model, vendor }: Attempt): string => `${vendor}/${model}`

/** The path that it took. */
export const pathOf = (attempt: Attempt): Path => `${targetOf(attempt)}#${attempt.key}`
