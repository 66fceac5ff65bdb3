/** Words that show on hover and on focus. What is needed to act does not stand in them alone. */
import { Tooltip } from "@mantine/core"
import type { ReactElement, ReactNode } from "react"

/** Shows `label` beside what it is wrapped around: one element that takes a ref. */
export const Tip = ({ children, label }: { readonly label: ReactNode; readonly children: ReactElement }) => (
  <Tooltip
    label={label}
    openDelay={300}
    multiline
    maw={360}
    withinPortal
    events={{ hover: true, focus: true, touch: true }}
  >
    {children}
  </Tooltip>
)
