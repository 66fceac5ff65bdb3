/** What lies over the page: dialogs, drawers and menus. Focus goes in and comes back; Escape closes. */
import { Drawer as MantineDrawer, Menu as MantineMenu, Modal } from "@mantine/core"
import type { ReactElement, ReactNode } from "react"
import { Icon, type IconName } from "./Icon.tsx"

interface Common {
  readonly title: ReactNode
  readonly open: boolean
  readonly onClose: () => void
  readonly closeLabel: string
  readonly children: ReactNode
}

/** A question that is answered before anything else. */
export const Dialog = ({
  children,
  closeLabel,
  lasting = false,
  onClose,
  open,
  size = 480,
  title
}: Common & { readonly size?: number /** It cannot be closed unanswered. */; readonly lasting?: boolean }) => (
  <Modal
    opened={open}
    onClose={onClose}
    title={title}
    size={size}
    centered
    withCloseButton={!lasting}
    closeOnClickOutside={!lasting}
    closeOnEscape={!lasting}
    closeButtonProps={{ "aria-label": closeLabel }}
    transitionProps={{ duration: 120 }}
  >
    {children}
  </Modal>
)

/** More about something of the list, which stays to be seen. */
export const Drawer = ({
  children,
  closeLabel,
  onClose,
  open,
  size = 560,
  title
}: Common & { readonly size?: number }) => (
  <MantineDrawer
    opened={open}
    onClose={onClose}
    title={title}
    size={size}
    position="right"
    closeButtonProps={{ "aria-label": closeLabel }}
    transitionProps={{ duration: 140 }}
  >
    {children}
  </MantineDrawer>
)

/** A choice of a menu. */
export interface Item {
  readonly label: ReactNode
  readonly icon?: IconName
  readonly danger?: boolean
  readonly disabled?: boolean
  readonly onSelect: () => void
}

/** A menu behind a button. */
export const Menu = ({ button, items }: { readonly button: ReactElement; readonly items: ReadonlyArray<Item> }) => (
  <MantineMenu position="bottom-end" withinPortal transitionProps={{ duration: 100 }}>
    <MantineMenu.Target>{button}</MantineMenu.Target>
    <MantineMenu.Dropdown>
      {items.map(({ danger = false, disabled = false, icon, label, onSelect }, index) => (
        <MantineMenu.Item
          // biome-ignore lint/suspicious/noArrayIndexKey: the choices of a menu keep their places
          key={index}
          disabled={disabled}
          onClick={onSelect}
          {...(icon === undefined ? {} : { leftSection: <Icon name={icon} /> })}
          {...(danger ? { color: "red" } : {})}
        >
          {label}
        </MantineMenu.Item>
      ))}
    </MantineMenu.Dropdown>
  </MantineMenu>
)
