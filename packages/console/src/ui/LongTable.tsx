/** A table of many rows, of which only those are drawn that are seen; apart from the short one, which the first page loads. */
import { useVirtualizer } from "@tanstack/react-virtual"
import { useRef } from "react"
import { Cells, Head, type Props } from "./Table.tsx"

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
