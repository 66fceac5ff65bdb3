/** The console's icons: lines on a grid of 16, in the colour of the text beside them. They say nothing to a screen reader. */

const paths = {
  overview: "M3 13.5V9m5 4.5v-11m5 11V6.5",
  key: "M5.2 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8.2 8H14v2.5m-3-2.5v2",
  route: "M3 3.5h4.5a3 3 0 0 1 3 3v3a3 3 0 0 0 3 3M3 12.5h3M11.5 10.5l2 2-2 2",
  consumers:
    "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5a4.5 4.5 0 0 1 9 0M10.5 2.8a2.5 2.5 0 0 1 0 4.5m1.5 2.3a4.5 4.5 0 0 1 2.5 3.9",
  requests: "M2.5 4h11M2.5 8h11M2.5 12h7",
  playground: "M2.5 3.5h11v7.5H8l-3 2.5V11H2.5z",
  lab: "M6 2h4M6.7 2v4.2L2.8 12.4A1 1 0 0 0 3.6 14h8.8a1 1 0 0 0 .8-1.6L9.3 6.2V2M5 10h6",
  config: "M9.5 2.5h-6v11h9v-8zM9.5 2.5v3h3M5.5 8.5h5m-5 2.5h3",
  settings:
    "M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 1.5v2m0 9v2m6.5-6.5h-2m-9 0h-2m10.6-4.6-1.4 1.4m-6.4 6.4-1.4 1.4m9.2 0-1.4-1.4M4.8 4.8 3.4 3.4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5l3 3",
  close: "M4 4l8 8m0-8-8 8",
  menu: "M2.5 4.5h11m-11 3.5h11m-11 3.5h11",
  sun: "M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.8v1.4m0 9.6v1.4M1.8 8h1.4m9.6 0h1.4M3.6 3.6l1 1m6.8 6.8 1 1m0-8.8-1 1m-6.8 6.8-1 1",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z",
  language: "M2 4h7M5.5 2.5V4m2 0c-.6 2.8-2.5 5-5 6.2M4 6.2c.8 1.7 2.2 3 4 3.8M8 14l3-7.5L14 14m-5-2.3h4",
  person: "M8 7.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.8 14a5.2 5.2 0 0 1 10.4 0",
  plus: "M8 3v10M3 8h10",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  check: "M3 8.5l3.5 3.5L13 4.5",
  warning: "M8 2.5 14.5 13.5h-13zM8 6.8v3m0 1.9v.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.5v3.5M8 5.2v.01",
  refresh: "M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 2v3h-3",
  down: "M4 6l4 4 4-4",
  right: "M6 4l4 4-4 4",
  left: "M10 4l-4 4 4 4",
  up: "M4 10l4-4 4 4",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6",
  chart: "M2.5 2.5v11h11M5 10l2.5-3 2.5 1.5L13 5",
  external: "M6.5 3.5h-3v9h9v-3M9 3h4v4m0-4-6 6",
  play: "M5 3.5v9l7-4.5z",
  bolt: "M9 2 4 9h3.5L7 14l5-7H8.5z",
  trash: "M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9",
  download: "M8 2.5v8m-3-3 3 3 3-3M3 13.5h10",
  edit: "M10.5 3l2.5 2.5L6 12.5l-3 .5.5-3z",
  pause: "M5.5 3.5v9m5-9v9",
  filter: "M2.5 3.5h11L9.5 8.5v4l-3 1v-5z",
  drag: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01"
} as const

/** The name of an icon. */
export type IconName = keyof typeof paths

/** An icon; `size` in pixels, 16 unless said. */
export const Icon = ({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden="true" focusable="false">
    <path d={paths[name]} stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
)
