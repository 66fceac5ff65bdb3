/** A drift report for people, in both languages; for machines there is `Drift` itself. */
import { labels, names } from "@understudy/mocks/VendorList"
import type { Difference, Drift } from "./Drift.ts"

const en = {
  none: (compared: number) => `The mocks answer as the vendors did: ${compared} compared, nothing drifted.`,
  some: (found: number, compared: number) => `${found} difference${found === 1 ? "" : "s"} in ${compared} compared:`,
  skipped: (which: string) => `Not compared, as they broke off too early or were refused for a limit: ${which}`,
  onlyVendor: (vendor: string) => `${vendor} sends what the mock does not`,
  onlyMock: (vendor: string) => `The mock sends what ${vendor} does not`,
  differs: (vendor: string) => `${vendor} and the mock differ`,
  vendor: "vendor",
  mock: "mock"
}

const zh: typeof en = {
  none: (compared) => `模拟厂商与真实厂商的答复一致：共比较 ${compared} 条，没有漂移。`,
  some: (found, compared) => `共比较 ${compared} 条，发现 ${found} 处差异：`,
  skipped: (which) => `中断过早，或因限额、过载被拒，未比较：${which}`,
  onlyVendor: (vendor) => `${vendor} 有而模拟厂商没有`,
  onlyMock: (vendor) => `模拟厂商有而 ${vendor} 没有`,
  differs: (vendor) => `${vendor} 与模拟厂商不同`,
  vendor: "真实",
  mock: "模拟"
}

const words = { en, zh } as const

const numbers = (list: ReadonlyArray<number>): string => list.map((number) => `#${number}`).join(" ")

const block = (
  title: string,
  differences: ReadonlyArray<Difference>,
  toLines: (difference: Difference) => ReadonlyArray<string>
): ReadonlyArray<string> =>
  differences.length === 0
    ? []
    : [
        "",
        title,
        ...differences.flatMap((difference) => [
          `  ${difference.place}  ${numbers(difference.exchanges)}`,
          ...toLines(difference).map((line) => `      ${line}`)
        ])
      ]

const ofVendor = (vendor: Difference["vendor"], all: ReadonlyArray<Difference>, text: typeof en) => {
  const own = all.filter((difference) => difference.vendor === vendor)
  const name = labels[vendor]
  const [real, mock] = [(value = "") => `${text.vendor}: ${value}`, (value = "") => `${text.mock}: ${value}`]
  return [
    ...block(
      text.onlyVendor(name),
      own.filter((each) => each.mock === undefined),
      (each) => [real(each.real)]
    ),
    ...block(
      text.onlyMock(name),
      own.filter((each) => each.real === undefined),
      (each) => [mock(each.mock)]
    ),
    ...block(
      text.differs(name),
      own.filter((each) => each.real !== undefined && each.mock !== undefined),
      (each) => [real(each.real), mock(each.mock)]
    )
  ]
}

/** The report as lines of text. */
export const render = ({ compared, differences, skipped }: Drift, language: keyof typeof words): string => {
  const text = words[language]
  return [
    differences.length === 0 ? text.none(compared) : text.some(differences.length, compared),
    ...names.flatMap((vendor) => ofVendor(vendor, differences, text)),
    ...(skipped.length === 0 ? [] : ["", text.skipped(numbers(skipped))])
  ].join("\n")
}
