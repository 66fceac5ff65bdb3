/**
 * Deliberate defects: one small change of the engine each, that a suite worth its name must notice.
 */

/** The package that a defect is planted in. */
export type Package = "core" | "chat-model" | "gateway"

/** A change of one file. `find` occurs in it exactly once. */
export interface Defect {
  readonly name: string
  /** Whose tests have to notice; the core's by default. */
  readonly package?: Package
  /** Below the package's src. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** The defects. */
export const defects: ReadonlyArray<Defect> = [
  {
    name: "commits a stream on a role alone",
    file: "internal/wire/Inspect.ts",
    find: "  delta != null &&\n  (filled(delta.content) ||",
    replace: "  delta != null &&\n  (delta.role != null || filled(delta.content) ||"
  },
  {
    name: "replays a stream after content",
    file: "internal/call/Next.ts",
    find: "  if (begun) return fail\n",
    replace: ""
  },
  {
    name: "uses a bad key again in the same call",
    file: "internal/call/Target.ts",
    find: "const spent = key.id",
    replace: 'const spent = ""'
  },
  {
    name: "ignores a route's overrides",
    file: "internal/call/Call.ts",
    find: "Decision.decide(failure, this.route.on)",
    replace: "Decision.decide(failure)"
  },
  {
    name: "forgets to abort the upstream request",
    file: "internal/exchange/Exchange.ts",
    find: "    this.#decoder?.close()\n    this.#call?.abort()",
    replace: "    this.#decoder?.close()"
  },
  {
    name: "lets a late failure of an older state count",
    file: "key/KeyPool.ts",
    find: "if (entry.key.value === undefined || entry.health.changedAt > lease.drawnAt) return",
    replace: "if (entry.key.value === undefined) return"
  },
  {
    name: "restores a key by a success that began before its removal",
    file: "key/KeyPool.ts",
    find: "if (changedAt <= lease.drawnAt) this.#set(",
    replace: "this.#set("
  },
  {
    name: "ejects a key for a caller's bad request",
    file: "failure/Reason.ts",
    find: "  InvalidRequest: {\n    ...ofRequest,\n",
    replace: '  InvalidRequest: {\n    ...ofRequest,\n    key: "count",\n'
  },
  {
    name: "rotates among the keys of one account when it is limited",
    file: "failure/Reason.ts",
    find: 'key: "coolAccountModel",\n    anotherKey: "otherAccount"',
    replace: 'key: "coolModel",\n    anotherKey: "any"'
  },
  {
    name: "asks a silent target again",
    file: "failure/Reason.ts",
    find: 'TimedOut: { ...ofTarget, again: "no", ',
    replace: "TimedOut: { ...ofTarget, "
  },
  {
    name: "lets keep-alive comments postpone the first-content deadline",
    file: "internal/exchange/StreamReader.ts",
    find: "    this.#read(this.#decoder.push(chunk))",
    replace:
      '    this.#read(this.#decoder.push(chunk))\n    this.#control.arm("firstContent", this.#context.limits.firstContent)'
  },
  {
    name: "takes a stream without a finish for complete",
    file: "internal/exchange/AnswerState.ts",
    find: "      if (finish === undefined) return false\n",
    replace: "      if (finish === undefined && !this.sawContent) return false\n"
  },
  {
    name: "takes a finish without content for an answer",
    file: "internal/exchange/StreamReader.ts",
    find: "    if (!this.#state.sawContent) return this.#fail(",
    replace: "    if (this.#begun && !this.#state.sawContent) return this.#fail("
  },
  {
    name: "reads an error's body without a bound",
    file: "internal/exchange/Exchange.ts",
    find: "if (!this.#errorBody.push(chunk)) this.#failWithStatus()",
    replace: "this.#errorBody.push(chunk)"
  },
  {
    name: "takes an answer with an error beside its text for a plain one",
    file: "internal/exchange/AnswerReader.ts",
    find: "if (error || base_resp !== undefined",
    replace: "if (base_resp !== undefined"
  },
  {
    name: "sends a vendor what it minds in a plain request",
    file: "provider/Provider.ts",
    find: "dialect.minds?.includes(name) === true",
    replace: "dialect.minds?.includes(name) === undefined"
  },
  {
    name: "reads a JSON answer without a bound",
    file: "internal/exchange/AnswerReader.ts",
    find: "if (body.push(chunk)) return",
    replace: "if (body.push(chunk) || max > 0) return"
  },
  {
    name: "takes a frame of any size",
    file: "internal/exchange/StreamReader.ts",
    find: "!this.#ended && this.#decoder.pending() > maxFrame",
    replace: "this.#decoder.pending() < 0"
  },
  {
    name: "forgets the deadline after a pause",
    file: "internal/exchange/Exchange.ts",
    find: "if (!this.#settled) this.#armAt(this.#phase, this.#deadline + rested)",
    replace: "this.#deadline += rested"
  },
  {
    name: "holds a caller's pause against the vendor",
    file: "internal/exchange/Exchange.ts",
    find: "this.#armAt(this.#phase, this.#deadline + rested)",
    replace: "this.#armAt(this.#phase, this.#deadline)"
  },
  {
    name: "leaves a lingering socket open",
    file: "internal/exchange/Exchange.ts",
    find: 'this.#armAt("total", Watchdog.now(this.#context.clock) + linger)',
    replace: "this.#watchdog.stop()"
  },
  {
    name: "ends a stream at its first finish",
    file: "internal/exchange/StreamReader.ts",
    find: 'if (isDone) this.#endAs("ended")',
    replace: 'if (isDone || this.#state.isFinished("ended")) this.#endAs("ended")'
  },
  {
    name: "takes one choice of two for the answer",
    file: "internal/exchange/AnswerState.ts",
    find: "    if (this.#choices.size < this.#asked.choices) return false\n",
    replace: "    if (this.#choices.size === 0) return false\n"
  },
  {
    name: "takes a cut for an end although content had followed a finish",
    file: "internal/exchange/AnswerState.ts",
    find: 'if (how !== "ended" && hasGoneOn) return false',
    replace: ""
  },
  {
    name: "dies of a defect while it reads",
    file: "internal/exchange/Exchange.ts",
    find: "if (defect instanceof SinkDefect) {",
    replace: "if (defect !== undefined) {"
  },
  {
    name: "passes over a frame that it cannot read",
    file: "internal/wire/Chunk.ts",
    find: "return mender.lost ? undefined : chunk",
    replace: "return chunk"
  },
  {
    name: "takes insufficient_system_resource for a finish",
    file: "internal/provider/deepseek/DeepSeek.ts",
    find: "/^insufficient_system_resource$/i",
    replace: "/^insufficient_resource$/i"
  },
  {
    name: "takes an empty answer for one",
    file: "internal/wire/Inspect.ts",
    find: 'return anyContent ? undefined : "empty"',
    replace: "return undefined"
  },
  {
    name: "ignores Retry-After",
    file: "internal/wire/RetryAfter.ts",
    find: 'read(headers, "retry-after", 1_000, at)',
    replace: "undefined"
  },
  {
    name: "waits for a long Retry-After although another target could answer",
    file: "internal/call/Next.ts",
    find: "stated && retryAfter > call.route.waitUpTo",
    replace: 'stated && again === "once" && retryAfter > call.route.waitUpTo'
  },
  {
    name: "never opens a circuit on silence",
    file: "internal/health/Circuits.ts",
    find: "const trips = fault.silent || byRate",
    replace: "const trips = byRate"
  },
  {
    name: "lets everybody through a half-open circuit",
    file: "internal/health/Circuits.ts",
    find: "    if (this.#isProbing(entry, now)) return undefined\n",
    replace: ""
  },
  {
    name: "keeps a recovered target out for ever",
    file: "internal/health/Circuits.ts",
    find: "until: now + lastOpen,",
    replace: "until: Number.POSITIVE_INFINITY,"
  },
  {
    name: "forgets the last resort",
    file: "internal/call/Next.ts",
    find: "const lease = isOver ? undefined : call.drawDue(target)",
    replace: "const lease = undefined as Lease | undefined"
  },
  {
    name: "asks only the first of the targets that were passed over",
    file: "internal/call/Next.ts",
    find: "return side.lastResort ? ",
    replace: "return side.lastResort && !call.targets.some(({ forced }) => forced) ? "
  },
  {
    name: "never probes a removed key",
    file: "key/KeyPool.ts",
    find: "      this.#shared.onRemoved(entry.key)",
    replace: ""
  },
  {
    name: "probes without backing off",
    file: "key/KeyState.ts",
    find: "backoff(base, probes, Math.max(base, policy.probeCap), draw)",
    replace: "base"
  },
  {
    name: "repeats without a budget",
    file: "internal/call/Next.ts",
    find: " || (paid && !call.mayRepeat)",
    replace: ""
  },
  {
    name: "outlives the total deadline",
    file: "internal/exchange/Exchange.ts",
    find: "this.#watchdog.arm(Math.min(at, this.#context.totalAt))",
    replace: "this.#watchdog.arm(at)"
  },
  {
    name: "lets both sides of a hedge deliver",
    file: "internal/call/Race.ts",
    find: "    return this.#winner === side",
    replace: "    return true"
  },
  {
    name: "hedges requests with tools",
    file: "internal/failover/Engine.ts",
    find: '(hedge.tools || request["tools"] === undefined)',
    replace: "true"
  },
  {
    name: "joins another answer than the one that was begun",
    file: "internal/join/Joint.ts",
    find: 'return way === "match" ? "refuse" : "commit"\n        }',
    replace: 'return "commit"\n        }'
  },
  {
    name: "delivers repeated text twice when it goes on",
    file: "internal/join/Joint.ts",
    find: "const fresh = text.slice(skip)",
    replace: "const fresh = text"
  },
  {
    name: "goes on after a tool call has started",
    file: "internal/join/Joint.ts",
    find: "if (finished || tools ||",
    replace: "if (finished ||"
  },
  {
    name: "shows a key in a vendor's message",
    file: "failure/AttemptFailure.ts",
    find: '.replace(keyLike, "<redacted>")',
    replace: ""
  },
  {
    name: "forgets the keys' states over a reload",
    file: "key/KeyPool.ts",
    find: "before.get(key.hash)?.health ?? {",
    replace: "{"
  },
  {
    name: "reads a bill that is overdue as a limit",
    file: "internal/provider/qwen/Qwen.ts",
    find: "|PrepaidBillOverdue|PostpaidBillOverdue)",
    replace: ")"
  },
  {
    name: "prefers a short prefix to a long one",
    file: "route/Matcher.ts",
    find: "b.model.value.length - a.model.value.length",
    replace: "a.model.value.length - b.model.value.length"
  },
  {
    name: "takes a date for any text that looks like one",
    file: "internal/wire/RetryAfter.ts",
    find: "return form === -1 ? Number.NaN : Date.parse(",
    replace: "return Date.parse("
  },
  {
    name: "lets all who wait come back in one moment",
    file: "internal/call/Call.ts",
    find: "width * random.nextDoubleUnsafe()",
    replace: "width * 0"
  },
  {
    name: "comes back before the stated time",
    file: "internal/call/Call.ts",
    find: "return Math.ceil(stated + width",
    replace: "return Math.ceil(stated - width / 2 + width"
  },
  {
    name: "waits in silence for however long a limit lasts",
    file: "internal/call/Call.ts",
    find: "this.#waited + millis <= this.route.waitAlone && ",
    replace: ""
  },
  {
    name: "counts every wait of a call alone",
    file: "internal/call/Call.ts",
    find: "    this.#waited += millis\n",
    replace: ""
  },
  {
    name: "calls a limit a failure of the gateway in the next call",
    file: "internal/call/Ledger.ts",
    find: "limited ? {",
    replace: "false ? {"
  },
  {
    name: "takes a key out for as long as a vendor likes",
    file: "key/KeyState.ts",
    find: "Math.min(stated ?? own, policy.statedCap)",
    replace: "(stated ?? own)"
  },
  {
    name: "keeps a circuit open for as long as a vendor likes",
    file: "internal/health/Circuits.ts",
    find: "Math.min(policy.openCap, Math.max(own, retryAfter ?? 0))",
    replace: "Math.max(Math.min(policy.openCap, own), retryAfter ?? 0)"
  },
  {
    name: "asks a busy server again before it said to be",
    file: "internal/call/Next.ts",
    find: "stated && retryAfter > call.route.waitUpTo",
    replace: 'stated && again === "afterWait" && retryAfter > call.route.waitUpTo'
  },
  {
    name: "looks ever more seldom at a target that refuses at once",
    file: "internal/call/Call.ts",
    find: "traits.costly || millis >= costly",
    replace: "true"
  },
  {
    name: "announces another key that a circuit keeps back",
    file: "internal/call/Ledger.ts",
    find: "if (pending.record.next !== next) this.#replace(",
    replace: "if (false) this.#replace("
  },
  {
    name: "keeps a probe that was lost with its caller",
    file: "internal/call/Call.ts",
    find: "isHeld: isMeasured || target.permit?.probe === true",
    replace: "isHeld: isMeasured"
  },
  {
    name: "keeps a probe that a defect ended",
    file: "internal/call/Drive.ts",
    find: "Effect.onError(made,",
    replace: "Effect.onInterrupt(made,"
  },
  {
    name: "lets a probe that was lost keep everybody out for ever",
    file: "internal/health/Circuits.ts",
    find: "entry.probingUntil = now + this.#policy.openCap",
    replace: "entry.probingUntil = Number.POSITIVE_INFINITY"
  },
  {
    name: "saves up a budget without end",
    file: "internal/route/Budget.ts",
    find: "Math.min(this.#policy.reserve + share, ",
    replace: "Math.min(Number.POSITIVE_INFINITY, "
  },
  {
    name: "balances without the calls under way",
    file: "internal/health/Latency.ts",
    find: " * (measure.pending + 1)",
    replace: ""
  },
  {
    name: "counts calls that are over as under way",
    file: "internal/health/Latency.ts",
    find: "Math.max(0, measure.pending - 1)",
    replace: "measure.pending"
  },
  {
    name: "remembers a slow answer for ever",
    file: "internal/health/Latency.ts",
    find: "return measure.average * Math.exp(-Math.max(0, now - measure.at) / decay) *",
    replace: "return measure.average *"
  },
  {
    name: "stays on the signal of a stream that has ended",
    package: "chat-model",
    file: "internal/stream/PartIterator.ts",
    find: 'this.#signal?.removeEventListener("abort", this.#onAbort)',
    replace: ""
  },
  {
    name: "asks again without what the tools have done",
    package: "chat-model",
    file: "StructuredOutput.ts",
    find: "const prompt = withTools(turn.prompt, answer.parts)",
    replace: "const { prompt } = turn"
  },
  {
    name: "shows a repair an answer without what is wrong with it",
    package: "chat-model",
    file: "StructuredOutput.ts",
    find: '${issues.map((issue) => `- ${issue}`).join("\\n")}',
    replace: ""
  },
  {
    name: "keeps a call that was cut off",
    package: "chat-model",
    file: "internal/tools/WholeCalls.ts",
    find: "waitsForTools || message.toolCalls === undefined ? message : withoutCalls(message)",
    replace: "message"
  },
  {
    name: "waits for ever for a reader who went silent",
    package: "chat-model",
    file: "internal/turn/TurnQueue.ts",
    find: "if (left <= 0) place.first?.leave()",
    replace: ""
  },
  {
    name: "tells a model of a defect",
    package: "chat-model",
    file: "internal/tools/ToolRun.ts",
    find: "if (!Awaitable.isUnforeseen(cause)) return",
    replace: "return"
  },
  {
    name: "counts the answer's tokens on its attempt, too",
    file: "internal/telemetry/Spans.ts",
    find: "isOk ? {} : ofUsage(attempt)",
    replace: "ofUsage(attempt)"
  },
  {
    name: "sends arguments that are no JSON object",
    file: "internal/provider/ToolTurns.ts",
    find: "return [ToolArguments.toWire(given),",
    replace: "return [given,"
  },
  {
    name: "takes an old socket for the vendor",
    file: "upstream/UndiciUpstream.ts",
    find: "    if (TransportErrors.isDeadSocket(error) && this.#isStale()) return this.#again()\n",
    replace: ""
  },
  {
    name: "asks again although half of an answer had come",
    file: "upstream/UndiciUpstream.ts",
    find: "return read === undefined || read === this.#reusedAt",
    replace: "return true"
  },
  {
    name: "shows a proxy's credentials",
    file: "internal/upstream/ProxyAddress.ts",
    find: "export const toLabel = ({ host, protocol }: URL): string => `${protocol}//${host}`",
    replace: "export const toLabel = (url: URL): string => url.href"
  },
  {
    name: "loses the query of a base URL",
    file: "internal/provider/BaseUrl.ts",
    find: "path + endpoint + query",
    replace: "(query === undefined ? '' : path + endpoint)"
  },
  {
    name: "rounds a request's numbers where the target renames the model",
    file: "provider/Provider.ts",
    find: "exact === body.request ? changed : change(exact)",
    replace: "exact === undefined ? change(exact) : changed"
  },
  {
    name: "folds without log probabilities",
    file: "internal/wire/Fold.ts",
    find: "  Join.fields(choice.rest, rest, ofChoice)\n",
    replace: "  if (rest === undefined) Join.fields(choice.rest, rest, ofChoice)\n"
  },
  {
    name: "takes a tag in the middle of a text for reasoning",
    file: "internal/wire/ThinkTags.ts",
    find: "if (opening.startsWith(said)) {",
    replace: "if (!said.includes(opening)) {"
  },
  {
    name: "takes a body that is not UTF-8",
    file: "internal/face/BodyText.ts",
    find: "{ fatal: true }",
    replace: "{}"
  },
  {
    name: "leaves usage beside the finish",
    file: "internal/face/StreamEnding.ts",
    find: "if (isOrdered && early === undefined) return bytes",
    replace: "if (bytes.length > 0) return bytes"
  },
  {
    name: "loses the event of a broken body to its error",
    package: "chat-model",
    file: "internal/stream/StreamBody.ts",
    find: "if (this.#controller?.desiredSize !== highWaterMark) return",
    replace: ""
  },
  {
    name: "tells who waits for a stream nothing after the first comment",
    package: "gateway",
    file: "internal/Exchange.ts",
    find: "this.#silentSince = now\n",
    replace: "this.#silentSince = undefined\n"
  },
  {
    name: "drops what a full pipe does not take of the log",
    package: "gateway",
    file: "internal/StandardOutput.ts",
    find: 'error.code === "EAGAIN"',
    replace: 'error.code === "EAGAIN, never"'
  },
  {
    name: "ends a stream that broke as if it were whole",
    package: "gateway",
    file: "internal/Exchange.ts",
    find: "this.response.write(event, () => cut(this.response))",
    replace: "this.response.end(event)"
  },
  {
    name: "ends the connection of a broken HTTP/1.0 stream cleanly",
    package: "gateway",
    file: "internal/Exchange.ts",
    find: "socket.resetAndDestroy()",
    replace: "socket.destroySoon()"
  },
  {
    name: "answers an open gateway's callers under any name",
    package: "gateway",
    file: "internal/Pages.ts",
    find: "if (name !== undefined && !pages.isOwnHost(name))",
    replace: "if (name === undefined)"
  },
  {
    name: "answers the pages of other ports",
    package: "gateway",
    file: "internal/Pages.ts",
    find: ' || site === "same-site"',
    replace: ""
  }
]
