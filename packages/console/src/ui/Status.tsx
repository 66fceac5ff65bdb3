/** A state, told by shape, word and colour at once. */

/** How good a state is. */
export type Tone = "ok" | "warn" | "bad" | "off"

const marks: Readonly<Record<Tone, React.ReactNode>> = {
  ok: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M4.200 7.200 6.200 9.200 9.800 5.200" stroke="var(--surface)" strokeWidth="1.500" fill="none" />
    </>
  ),
  warn: (
    <>
      <circle cx="7" cy="7" r="5.300" fill="none" stroke="currentColor" strokeWidth="1.500" />
      <path d="M7 1.700a5.300 5.300 0 0 1 0 10.600z" fill="currentColor" />
    </>
  ),
  bad: (
    <>
      <path d="M4.200.8h5.600l3.400 3.400v5.600l-3.400 3.400H4.200L.8 9.800V4.200z" fill="currentColor" />
      <path d="M4.800 4.800l4.400 4.400m0-4.400L4.800 9.200" stroke="var(--surface)" strokeWidth="1.500" />
    </>
  ),
  off: (
    <>
      <circle
        cx="7"
        cy="7"
        r="5.300"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.500"
        strokeDasharray="2.400 1.700"
      />
      <path d="M4.500 7h5" stroke="currentColor" strokeWidth="1.500" />
    </>
  )
}

/** The shape alone, where the word stands beside it already. */
export const Mark = ({ size = 14, tone }: { readonly tone: Tone; readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true" focusable="false">
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
