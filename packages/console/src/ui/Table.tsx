/** A table that is compared by: tabular figures, a header that stays, and of many rows only those that are seen. */
import { useVirtualizer } from "@tanstack/react-virtual"
import { type ReactNode, useRef } from "react"

/** A column. */
export interface Column<Row> {
  readonly id: string
  readonly head: ReactNode
  readonly cell: (row: Row) => ReactNode
  /** What the value is called where rows are stacked, on a phone; without it the value speaks for itself. */
  readonly label?: string
  /** Numbers stand at the end. */
  readonly align?: "end"
  readonly width?: number | string
}

interface Props<Row> {
  /** What the table holds, for those who do not see it. */
  readonly label: string
  readonly columns: ReadonlyArray<Column<Row>>
  readonly rows: ReadonlyArray<Row>
  readonly keyOf: (row: Row) => string | number
}

const Head = <Row,>({ columns }: { readonly columns: ReadonlyArray<Column<Row>> }) => (
  <thead>
    <tr>
      {columns.map(({ align, head, id, width }) => (
        <th key={id} scope="col" data-align={align} style={width === undefined ? undefined : { width }}>
          {head}
        </th>
      ))}
    </tr>
  </thead>
)

const Cells = <Row,>({ columns, row }: { readonly columns: ReadonlyArray<Column<Row>>; readonly row: Row }) =>
  columns.map(({ align, cell, id, label }) => (
    <td key={id} data-align={align} data-head={label}>
      {cell(row)}
    </td>
  ))

/** A table of up to some hundred rows; `stacks` makes each row a card on a phone. */
export const Table = <Row,>({
  columns,
  keyOf,
  label,
  rows,
  stacks = false
}: Props<Row> & { readonly stacks?: boolean }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keyboard
  <section className="table-frame" aria-label={label} tabIndex={0}>
    <table className="table" {...(stacks ? { "data-stacks": true } : {})}>
      <caption className="unseen">{label}</caption>
      <Head columns={columns} />
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <Cells columns={columns} row={row} />
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

/** A table of any length in a frame of its own height, in pixels; rows have 41 pixels each unless said. */
export const LongTable = <Row,>({
  columns,
  height,
  keyOf,
  label,
  onSelect,
  rowHeight = 41,
  rows
}: Props<Row> & {
  readonly height: number | string
  readonly rowHeight?: number
  readonly onSelect?: (row: Row) => void
}) => {
  const frame = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12
  })
  const shown = virtual.getVirtualItems()
  const before = shown[0]?.start ?? 0
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-frame" aria-label={label} tabIndex={0} ref={frame} style={{ height, overflowY: "auto" }}>
      <table className="table" data-long aria-rowcount={rows.length}>
        <caption className="unseen">{label}</caption>
        <Head columns={columns} />
        <tbody>
          {before > 0 ? <tr style={{ height: before }} /> : null}
          {shown.map(({ index }) => {
            const row = rows[index]
            return row === undefined ? null : (
              <tr
                key={keyOf(row)}
                aria-rowindex={index + 1}
                {...(onSelect === undefined ? {} : { onClick: () => onSelect(row), "data-selectable": true })}
                style={{ height: rowHeight }}
              >
                <Cells columns={columns} row={row} />
              </tr>
            )
          })}
          {after > 0 ? <tr style={{ height: after }} /> : null}
        </tbody>
      </table>
    </section>
  )
}
