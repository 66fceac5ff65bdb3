/** Buttons. One of a page is `primary`; an icon alone has a label that is said and shown on hover. */
import type { ButtonHTMLAttributes, ReactNode } from "react"
import { Icon, type IconName } from "./Icon.tsx"
import { Tip } from "./Tip.tsx"

/** What a button may be given beside what the browser's takes. */
export interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  readonly kind?: "primary" | "plain" | "quiet" | "danger"
  readonly size?: "small" | "normal"
  readonly icon?: IconName
  /** It is being done: a second press does nothing. */
  readonly busy?: boolean
  readonly children: ReactNode
}

/** A button with words. */
export const Button = ({ busy = false, children, icon, kind = "plain", onClick, size = "normal", ...rest }: Props) => (
  <button
    type="button"
    className="button"
    data-kind={kind}
    data-size={size}
    aria-busy={busy}
    onClick={busy ? undefined : onClick}
    {...rest}
  >
    {icon === undefined ? null : <Icon name={icon} size={size === "small" ? 14 : 16} />}
    {children}
  </button>
)

/** A button that is an icon. */
export const IconButton = ({
  icon,
  kind = "quiet",
  label,
  size = "normal",
  ...rest
}: Omit<Props, "children" | "icon" | "busy"> & { readonly icon: IconName; readonly label: string }) => (
  <Tip label={label}>
    <button
      type="button"
      className="button"
      data-kind={kind}
      data-size={size}
      data-icon-only
      aria-label={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  </Tip>
)
