/** A table that is compared by: tabular figures, a header that stays. */
import type { ReactNode } from "react"

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

/** What a table is given. */
export interface Props<Row> {
  /** What the table holds, for those who do not see it. */
  readonly label: string
  readonly columns: ReadonlyArray<Column<Row>>
  readonly rows: ReadonlyArray<Row>
  readonly keyOf: (row: Row) => string | number
}

/** The heads of the columns. */
export const Head = <Row,>({ columns }: { readonly columns: ReadonlyArray<Column<Row>> }) => (
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

/** The cells of a row. */
export const Cells = <Row,>({ columns, row }: { readonly columns: ReadonlyArray<Column<Row>>; readonly row: Row }) =>
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
