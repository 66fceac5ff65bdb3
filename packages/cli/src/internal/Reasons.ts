/** Why a key or a call failed, in the reader's words beside the one that trails and metrics use. */
import { type Reason, reasons, toLabel } from "@understudy/core/failure/Reason"
import type { Messages } from "../Messages.ts"

/** `Unauthorized: the key is wrong or was revoked` */
export const describe = (messages: Messages, reason: Reason): string =>
  `${toLabel(reason)}: ${messages.common.reasons[reason._tag]}`

/** The same for a key's check: there, a refused request means that the address is wrong. */
export const describeProbe = (messages: Messages, reason: Reason): string =>
  reasons[reason._tag].about === "request" ? messages.common.wrongAddress : describe(messages, reason)

/** True where the failure says nothing about the key: the vendor was not reached, or has trouble of its own. */
export const isInconclusive = (reason: Reason): boolean => !reasons[reason._tag].lasting

/** True where the vendor was not reached at all. */
export const isUnreachable = (reason: Reason): boolean => reasons[reason._tag].unreached
