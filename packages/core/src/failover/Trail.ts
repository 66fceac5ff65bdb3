/**
 * The ordered attempts of one call, as it is being written, and as a header and a log line show it.
 */
import type { AttemptRecord, Trail } from "../failure/FailoverError.ts"

const target = (record: AttemptRecord): string =>
  `${record.provider}/${record.model}${record.key === undefined ? "" : `#${record.key}`}`

const passedOver = ({ keysOut, outcome }: AttemptRecord): string =>
  keysOut === undefined ? outcome : `${outcome}: ${keysOut}`

const behind = (record: AttemptRecord): string => (record.via === undefined ? "" : ` (${record.via})`)

/** Attempts that were really sent: a skipped target is in the trail, but is none. */
export const attempts = (trail: Trail): number => trail.filter((record) => !record.skipped).length

/**
 * One line; what a gateway behind a target says of itself stands in parentheses: `qwen/qwen3.8-flash#k3f9 Unauthorized 12ms, deepseek/deepseek-flash#k07a ok 210ms`. Safe in an HTTP header:
 * anything but visible ASCII is replaced.
 */
export const toLine = (trail: Trail): string =>
  trail
    .map(
      (record) =>
        `${target(record)} ${record.skipped ? passedOver(record) : `${record.outcome} ${record.millis}ms`}${behind(record)}`
    )
    .join(", ")
    .replace(/[^\x20-\x7e]/g, "?")
