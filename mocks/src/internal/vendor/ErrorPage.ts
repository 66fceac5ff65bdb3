/** What a proxy in front of a vendor says for it: pages, by the recipes of the network. */
import type { ErrorReply } from "./Personality.ts"

const page = (server: string, status: number, reason: string): ErrorReply => ({
  status,
  type: "text/html",
  body: `<html>\r\n<head><title>${status} ${reason}</title></head>\r\n<body>\r\n<center><h1>${status} ${reason}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`
})

/** The pages of a kind of server: `nginx`, `openresty`. */
export const of = (server: string): Readonly<Record<string, ErrorReply>> => ({
  "edge.html": page(server, 502, "Bad Gateway"),
  "edge.timeout": page(server, 504, "Gateway Time-out")
})
