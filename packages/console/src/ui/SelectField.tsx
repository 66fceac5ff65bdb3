/** A choice from a list; apart from the other fields, which the log-in loads. */
import { Select } from "@mantine/core"

/** One of a few; null for none, where it can be cleared. */
export const SelectField = ({
  clearable = false,
  onChange,
  options,
  searchable = false,
  value,
  ...rest
}: {
  readonly label: string
  /** The label is said but not shown. */
  readonly compact?: boolean
  readonly value: string | null
  readonly onChange: (value: string | null) => void
  readonly options: ReadonlyArray<{ readonly value: string; readonly label: string }>
  readonly placeholder?: string
  readonly clearable?: boolean
  readonly searchable?: boolean
  readonly disabled?: boolean
  readonly width?: number
}) => {
  const { compact = false, label, width, ...others } = rest
  return (
    <Select
      {...others}
      {...(compact ? { "aria-label": label, size: "xs" as const } : { label })}
      {...(width === undefined ? {} : { w: width })}
      value={value}
      onChange={onChange}
      data={[...options]}
      clearable={clearable}
      searchable={searchable}
      allowDeselect={clearable}
      comboboxProps={{ withinPortal: true }}
    />
  )
}
