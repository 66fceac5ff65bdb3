/**
 * The steps of a chain that say what is asked, the same for every face of the client. A step returns a new chain.
 */
import * as ChatOptions from "../../ChatOptions.ts"
import * as Message from "../../Message.ts"
import * as PromptTemplate from "../../PromptTemplate.ts"
import type { Draft } from "./Turn.ts"

type Template = string | PromptTemplate.PromptTemplate<string>
type AnyValues = PromptTemplate.Values<string>

const fill = (template: Template, values: AnyValues): string =>
  typeof template === "string" ? PromptTemplate.render(template, values) : template.render(values)

/** A chain. */
export abstract class PromptSteps<Self> {
  /** What the chain knows so far. */
  readonly draft: Draft

  constructor(draft: Draft) {
    this.draft = draft
  }

  protected abstract next(draft: Draft): Self

  /** Says how the model is to behave, in place of the client's default. */
  system(text: string): Self
  /** The same from a template. Without values a text is never looked into for placeholders. */
  system<const Text extends string>(
    template: Text,
    values: PromptTemplate.Values<PromptTemplate.Names<NoInfer<Text>>>
  ): Self
  system<Name extends string>(
    template: PromptTemplate.PromptTemplate<Name>,
    values: PromptTemplate.Values<NoInfer<Name>>
  ): Self
  system(template: Template, values?: AnyValues): Self {
    return this.next({ ...this.draft, system: values === undefined ? String(template) : fill(template, values) })
  }

  /** Adds what the user says: a text, or text and images. */
  user(content: Message.UserMessage["content"]): Self
  /** Adds what the user says, from a template. Without values a text is never looked into for placeholders. */
  user<const Text extends string>(
    template: Text,
    values: PromptTemplate.Values<PromptTemplate.Names<NoInfer<Text>>>
  ): Self
  user<Name extends string>(
    template: PromptTemplate.PromptTemplate<Name>,
    values: PromptTemplate.Values<NoInfer<Name>>
  ): Self
  user(content: Message.UserMessage["content"] | Template, values?: AnyValues): Self {
    return this.messages(Message.user(values === undefined ? (content as string) : fill(content as Template, values)))
  }

  /** Adds messages. All are sent in the order in which they were given, after the system's. */
  messages(...messages: ReadonlyArray<Message.Message>): Self {
    return this.next({ ...this.draft, messages: [...this.draft.messages, ...messages] })
  }

  /** Merges options over those that are there. */
  options(options: ChatOptions.ChatOptions): Self {
    return this.next({ ...this.draft, options: ChatOptions.merge(this.draft.options, options) })
  }

  /** Names the conversation: memory is kept by it, and `selection: affinity` keeps it on one key. */
  conversation(id: string): Self {
    return this.options({ conversationId: id })
  }
}
