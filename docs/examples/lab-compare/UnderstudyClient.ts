/** Understudy's ChatModel with the standard setting: two keys a vendor, each vendor the other's fallback. */
import * as UnderstudyClient from "@understudy/lab/run/UnderstudyClient"

/** The contestant. */
export const understudy = UnderstudyClient.make({ name: "Understudy" })
