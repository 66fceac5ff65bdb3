/** A service as anybody has one: it answers tickets by a chat model, and knows nothing of outages. */
import { PromiseChatModel } from "@understudy/chat-model/promise"
import type { UnderstudyOptions } from "@understudy/core/config/Options"

/** A service that is running. */
export interface TicketService {
  readonly answer: (ticket: string, signal: AbortSignal) => Promise<string>
  readonly close: () => Promise<void>
}

/** Starts the service with the configuration of its chat models. */
export const start = async (config: UnderstudyOptions): Promise<TicketService> => {
  const chat = await PromiseChatModel.fromOptions(config, { model: "qwen-plus" })
  return {
    answer: async (ticket, signal) => {
      const { text } = await chat.call(ticket, { signal })
      if (text === undefined) throw new Error("the model said nothing")
      return text
    },
    close: chat.close
  }
}
