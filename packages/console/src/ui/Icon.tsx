/** The console's icons: lines on a grid of 16, in the colour of the text beside them. They say nothing to a screen reader. */

const paths = {
  overview: "M2 13h12M3.5 10.5V8m3 2.5v-5m3 5V7m3 3.500V3.500",
  key: "M9.800 6.200a2.900 2.900 0 1 0-2.400 2.900L8.500 8h1.300v1.300H11V10.500h1.300v1.300h1.700V10l-4.300-3.800M6 5.500h.01",
  route: "M3 3.500h4.500a3 3 0 0 1 3 3v3a3 3 0 0 0 3 3M3 12.500h3M11.500 10.500l2 2-2 2",
  consumers:
    "M6 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM1.500 13.500a4.500 4.500 0 0 1 9 0M10.500 2.800a2.500 2.500 0 0 1 0 4.500m1.500 2.300a4.500 4.500 0 0 1 2.500 3.900",
  requests: "M2.500 4h11M2.500 8h11M2.500 12h7",
  playground: "M2.500 3.500h11v7.500H8l-3 2.500V11H2.500z",
  lab: "M6 2h4M6.700 2v4.200L2.800 12.400A1 1 0 0 0 3.600 14h8.800a1 1 0 0 0 .8-1.600L9.300 6.200V2M5 10h6",
  config: "M9.500 2.500h-6v11h9v-8zM9.500 2.500v3h3M5.500 8.500h5m-5 2.500h3",
  settings:
    "M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 1.500v2m0 9v2m6.500-6.500h-2m-9 0h-2m10.600-4.600-1.400 1.400m-6.400 6.400-1.400 1.400m9.200 0-1.400-1.400M4.800 4.800 3.400 3.400",
  search: "M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM10.500 10.500l3 3",
  close: "M4 4l8 8m0-8-8 8",
  menu: "M2.500 4.500h11m-11 3.500h11m-11 3.500h11",
  sun: "M8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM8 1.800v1.400m0 9.600v1.400M1.800 8h1.400m9.600 0h1.400M3.600 3.600l1 1m6.800 6.800 1 1m0-8.800-1 1m-6.800 6.800-1 1",
  moon: "M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7Z",
  language:
    "M2 4h7M5.500 2.500V4m2 0c-.6 2.800-2.500 5-5 6.200M4 6.200c.8 1.700 2.200 3 4 3.800M8 14l3-7.500L14 14m-5-2.300h4",
  person: "M8 7.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400ZM2.800 14a5.200 5.200 0 0 1 10.400 0",
  plus: "M8 3v10M3 8h10",
  copy: "M5.500 5.500h8v8h-8zM3.500 10.500h-1v-8h8v1",
  check: "M3 8.500l3.500 3.500L13 4.500",
  warning: "M8 2.500 14.500 13.500h-13zM8 6.800v3m0 1.900v.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.500v3.500M8 5.200v.01",
  refresh: "M13.500 8a5.500 5.500 0 1 1-1.600-3.900M13.500 2v3h-3",
  down: "M4 6l4 4 4-4",
  right: "M6 4l4 4-4 4",
  left: "M10 4l-4 4 4 4",
  up: "M4 10l4-4 4 4",
  more: "M3.500 8h.01M8 8h.01M12.500 8h.01",
  table: "M2.500 3.500h11v9h-11zM2.500 6.500h11M6.500 6.500v6",
  chart: "M2.500 2.500v11h11M5 10l2.500-3 2.500 1.500L13 5",
  external: "M6.500 3.500h-3v9h9v-3M9 3h4v4m0-4-6 6",
  play: "M5 3.500v9l7-4.500z",
  bolt: "M9 2 4 9h3.500L7 14l5-7H8.500z",
  trash: "M3 4.500h10M6 4.500v-2h4v2M4.500 4.500l.5 9h6l.5-9",
  download: "M8 2.500v8m-3-3 3 3 3-3M3 13.500h10",
  edit: "M10.500 3l2.500 2.500L6 12.500l-3 .5.5-3z",
  pause: "M5.500 3.500v9m5-9v9",
  filter: "M2.500 3.500h11L9.500 8.500v4l-3 1v-5z",
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
