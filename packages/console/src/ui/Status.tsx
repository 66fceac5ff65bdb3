/** A state, told by shape, word and colour at once. */

/** How good a state is. */
export type Tone = "ok" | "warn" | "bad" | "off"

const marks: Readonly<Record<Tone, React.ReactNode>> = {
  ok: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M4.2 7.2 6.2 9.2 9.8 5.2" stroke="var(--surface)" strokeWidth="1.5" fill="none" />
    </>
  ),
  warn: (
    <>
      <circle cx="7" cy="7" r="5.3" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7 1.7a5.3 5.3 0 0 1 0 10.6z" fill="currentColor" />
    </>
  ),
  bad: (
    <>
      <path d="M4.2.8h5.6l3.4 3.4v5.6l-3.4 3.4H4.2L.8 9.8V4.2z" fill="currentColor" />
      <path d="M4.8 4.8l4.4 4.4m0-4.4L4.8 9.2" stroke="var(--surface)" strokeWidth="1.5" />
    </>
  ),
  off: (
    <>
      <circle cx="7" cy="7" r="5.3" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.4 1.7" />
      <path d="M4.5 7h5" stroke="currentColor" strokeWidth="1.5" />
    </>
  )
}

/** The shape alone, where the word stands beside it already. */
export const Mark = ({ size = 14, tone }: { readonly tone: Tone; readonly size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 14 14"
    className="mark"
    data-tone={tone}
    aria-hidden="true"
    focusable="false"
  >
    {marks[tone]}
  </svg>
)

/** A state with its word. */
export const Status = ({
  boxed = false,
  children,
  tone
}: {
  readonly tone: Tone
  /** On a soft ground, for a state that stands alone. */
  readonly boxed?: boolean
  readonly children: React.ReactNode
}) => (
  <span className="status" data-tone={tone} {...(boxed ? { "data-boxed": true } : {})}>
    <Mark tone={tone} />
    <span>{children}</span>
  </span>
)
