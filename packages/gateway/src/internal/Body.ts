/**
 * Reads a request's body, up to a limit. What is beyond it is thrown away as it comes, so that a caller who is
 * still sending can read the refusal; one who sends on and on is cut off.
 */
import type { IncomingMessage } from "node:http"

/** What becomes of a body. */
export interface Handler {
  readonly onBytes: (bytes: Buffer) => void
  /** Called once; `stated` tells whether the size is the caller's own word or a lower bound. */
  readonly onTooLarge: (size: number, stated: boolean) => void
}

/** How many times the limit is thrown away before the connection is cut. */
const patience = 4

/** The size that the caller states; `NaN` without one. */
export const statedSize = (request: IncomingMessage): number => Number(request.headers["content-length"] ?? Number.NaN)

/** Reads the body; `limit` in bytes. A caller who leaves half-way is not told to anybody. */
export const read = (request: IncomingMessage, limit: number, handler: Handler): void => {
  const stated = statedSize(request)
  let refused = stated > limit
  if (refused) handler.onTooLarge(stated, true)
  let pieces: Array<Buffer> = []
  let size = 0
  request.on("data", (piece: Buffer) => {
    size += piece.length
    if (size <= limit) {
      if (!refused) pieces.push(piece)
      return
    }
    pieces = []
    if (size > limit * patience) request.destroy()
    if (refused) return
    refused = true
    handler.onTooLarge(size, false)
  })
  request.on("end", () => {
    if (refused) return
    const [only] = pieces
    handler.onBytes(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces))
  })
}
