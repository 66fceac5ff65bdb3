/** What the admin API answers when it does not do what was asked. Each has a status, and words for the person who asked. */
import * as Schema from "effect/Schema"

/** Nobody, or somebody whose session or token is not known (any more). */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()(
  "Unauthorized",
  { message: Schema.String },
  { httpApiStatus: 401 }
) {}

/** Somebody who may not do this: a scope is missing, or a page of another site asked. */
export class Forbidden extends Schema.TaggedError<Forbidden>()(
  "Forbidden",
  { message: Schema.String },
  { httpApiStatus: 403 }
) {}

/** No password has been set yet: `POST /api/v1/setup` with the token that the gateway printed comes first. */
export class SetupRequired extends Schema.TaggedError<SetupRequired>()(
  "SetupRequired",
  { message: Schema.String },
  { httpApiStatus: 403 }
) {}

/** There is no such thing. */
export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  { message: Schema.String },
  { httpApiStatus: 404 }
) {}

/** What was sent cannot be used. */
export class Unusable extends Schema.TaggedError<Unusable>()(
  "Unusable",
  { message: Schema.String },
  { httpApiStatus: 422 }
) {}

/** Too many wrong passwords or tokens. */
export class Throttled extends Schema.TaggedError<Throttled>()(
  "Throttled",
  {
    message: Schema.String,
    /** Milliseconds until the next try is looked at. */
    retryAfter: Schema.Number
  },
  { httpApiStatus: 429 }
) {}

/** The configuration has changed since it was read: `revision` is the one in force. */
export class Stale extends Schema.TaggedError<Stale>()(
  "Stale",
  { message: Schema.String, revision: Schema.String },
  { httpApiStatus: 412 }
) {}
