/**
 * Why a gateway did not start.
 */
import { TaggedError } from "@understudy/core/failure/TaggedError"

/** What stood in the way, by the operating system's code. */
export type GatewayReason =
  | { readonly _tag: "PortTaken" }
  | { readonly _tag: "NotPermitted" }
  | { readonly _tag: "NoSuchAddress"; readonly code: string }
  | { readonly _tag: "Unknown"; readonly code: string; readonly message: string }

const describe = (address: string, reason: GatewayReason): string => {
  switch (reason._tag) {
    case "PortTaken":
      return `Cannot listen on ${address}: the port is taken. Stop what listens there, or choose another under \`server.port\` (0 takes a free one).`
    case "NotPermitted":
      return `Cannot listen on ${address}: not permitted. Choose a port above 1023 under \`server.port\`.`
    case "NoSuchAddress":
      return `Cannot listen on ${address}: this machine has no such address (${reason.code}). Set \`server.host\` to 127.0.0.1 for this machine only, or to 0.0.0.0 for every network that it is on.`
    case "Unknown":
      return `Cannot listen on ${address}: ${reason.message} (${reason.code}).`
  }
}

/** A gateway that could not listen. */
export class GatewayError extends TaggedError("GatewayError")<{
  readonly host: string
  readonly port: number
  readonly reason: GatewayReason
}> {
  override get message(): string {
    return describe(`${this.host}:${this.port}`, this.reason)
  }
}

const toReason = (code: string, message: string): GatewayReason => {
  if (code === "EADDRINUSE") return { _tag: "PortTaken" }
  if (code === "EACCES" || code === "EPERM") return { _tag: "NotPermitted" }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") return { _tag: "NoSuchAddress", code }
  return { _tag: "Unknown", code, message }
}

/** The error that a failed `listen` of node's stands for. */
export const fromNode = (host: string, port: number, error: Error): GatewayError => {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name
  return new GatewayError({ host, port, reason: toReason(code, error.message) })
}
