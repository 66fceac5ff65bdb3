/** What a page shows while there is nothing to show: loading, empty, failed, forbidden; and what is to be said above it. */
import type { UseQueryResult } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { ApiError } from "../api/Api.ts"
import { define, useTexts } from "../text/Language.tsx"
import { Button } from "./Button.tsx"
import { Icon } from "./Icon.tsx"
import { Mark, type Tone } from "./Status.tsx"

const texts = define({
  en: {
    loading: "Loading",
    failed: "This could not be loaded",
    again: "Try again",
    forbidden: "Not for this account",
    unreachable: "The gateway does not answer. This page asks again by itself."
  },
  zh: {
    loading: "正在加载",
    failed: "加载失败",
    again: "重试",
    forbidden: "当前账号无权查看",
    unreachable: "网关没有响应，本页会自动重试。"
  }
})

/** Grey in the size of what comes; seen after 150 ms only. */
export const Bone = ({
  height = 14,
  width = "100%"
}: {
  readonly height?: number
  readonly width?: number | string
}) => <span className="bone" style={{ height, width }} />

/** Bones of a list. */
export const Bones = ({ height = 20, rows = 5 }: { readonly rows?: number; readonly height?: number }) => {
  const { loading } = useTexts(texts)
  return (
    <div className="stack panel-body" aria-busy="true" role="status" aria-label={loading}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones are all alike
        <Bone key={row} height={height} />
      ))}
    </div>
  )
}

/** Nothing is there: why, and the one thing to do about it. */
export const Empty = ({
  action,
  children,
  title
}: {
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly action?: ReactNode
}) => (
  <div className="state">
    <h2>{title}</h2>
    {children === undefined ? null : <p>{children}</p>}
    {action}
  </div>
)

/** It failed: what, and how to try again. */
export const Failure = ({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) => {
  const { again, failed, forbidden, unreachable } = useTexts(texts)
  const isForbidden = error instanceof ApiError && error.status === 403
  const isUnreachable = error instanceof ApiError && error.status === 0
  return (
    <div className="state" role="alert">
      <h2>{isForbidden ? forbidden : failed}</h2>
      <p>{isUnreachable ? unreachable : error.message}</p>
      {onRetry === undefined || isForbidden ? null : (
        <Button icon="refresh" onClick={onRetry}>
          {again}
        </Button>
      )}
    </div>
  )
}

/** Something that is to be known above the rest. */
export const Notice = ({
  action,
  children,
  tone
}: {
  readonly tone: Tone
  readonly children: ReactNode
  readonly action?: ReactNode
}) => (
  <div className="notice" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
    {tone === "off" ? <Icon name="info" /> : <Mark tone={tone} />}
    <div>{children}</div>
    {action}
  </div>
)

/** Shows what a query has: its last data even when it failed since, else bones, else the failure. */
export const Loaded = <Data,>({
  bones,
  children,
  query
}: {
  readonly query: UseQueryResult<Data, Error>
  readonly bones?: ReactNode
  readonly children: (data: Data) => ReactNode
}) => {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return bones ?? <Bones />
}
