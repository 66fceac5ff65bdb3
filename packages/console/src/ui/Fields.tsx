/** What one types into and chooses from. Each has a label; what is wrong stands below it and is said. */
import { Switch as MantineSwitch, PasswordInput, Textarea, TextInput } from "@mantine/core"
import type { KeyboardEvent, ReactNode } from "react"

interface Common {
  readonly label: ReactNode
  readonly value: string
  readonly onChange: (value: string) => void
  readonly help?: ReactNode
  /** What is wrong with it. */
  readonly error?: ReactNode
  readonly placeholder?: string
  readonly disabled?: boolean
  readonly required?: boolean
  readonly name?: string
  readonly autoComplete?: string
  readonly autoFocus?: boolean
  readonly onKeyDown?: (event: KeyboardEvent) => void
}

const toProps = ({ autoFocus = false, help, onChange, required = false, ...rest }: Common) => ({
  ...rest,
  ...(help === undefined ? {} : { description: help }),
  ...(autoFocus ? { "data-autofocus": true, autoFocus } : {}),
  required,
  withAsterisk: false,
  onChange: (event: { readonly currentTarget: { readonly value: string } }) => onChange(event.currentTarget.value)
})

/** One line. */
export const TextField = ({ mono = false, ...props }: Common & { readonly mono?: boolean }) => (
  <TextInput {...toProps(props)} {...(mono ? { classNames: { input: "mono" }, spellCheck: false } : {})} />
)

/** A secret, which can be shown. */
export const PasswordField = ({ showLabel, ...props }: Common & { readonly showLabel: string }) => (
  <PasswordInput {...toProps(props)} visibilityToggleButtonProps={{ "aria-label": showLabel }} />
)

/** Several lines; grows with what is in it. */
export const AreaField = ({
  mono = false,
  rows = 4,
  ...props
}: Common & { readonly rows?: number; readonly mono?: boolean }) => (
  <Textarea
    {...toProps(props)}
    autosize
    minRows={rows}
    maxRows={16}
    {...(mono ? { classNames: { input: "mono" }, spellCheck: false } : {})}
  />
)

/** On or off, at once. */
export const Switch = ({
  checked,
  disabled = false,
  help,
  label,
  onChange
}: {
  readonly label: ReactNode
  readonly help?: ReactNode
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}) => (
  <MantineSwitch
    label={label}
    description={help}
    checked={checked}
    disabled={disabled}
    onChange={(event) => onChange(event.currentTarget.checked)}
  />
)

/** One of very few that are all seen: a window of time, a view. */
export const Segments = <Value extends string>({
  label,
  onChange,
  options,
  value
}: {
  readonly label: string
  readonly value: Value
  readonly options: ReadonlyArray<{ readonly value: Value; readonly label: string }>
  readonly onChange: (value: Value) => void
}) => (
  <fieldset className="segments" aria-label={label} style={{ border: 0, margin: 0 }}>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        aria-pressed={option.value === value}
        onClick={() => onChange(option.value)}
      >
        {option.label}
      </button>
    ))}
  </fieldset>
)
