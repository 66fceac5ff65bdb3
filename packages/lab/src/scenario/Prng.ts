/**
 * Luck from a seed, in named streams: who draws from a stream of its own is moved by nobody else's draws.
 */

/** Four words of state from a name (cyrb128). */
const hash = (name: string): [number, number, number, number] => {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    a = b ^ Math.imul(a ^ code, 597399067)
    b = c ^ Math.imul(b ^ code, 2869860233)
    c = d ^ Math.imul(c ^ code, 951274213)
    d = a ^ Math.imul(d ^ code, 2716044179)
  }
  return [a ^ b ^ c ^ d, b, c, d]
}

/** The draws of a stream (sfc32), each in [0, 1). The same seed and name give the same ones. */
export const stream = (seed: number, name: string): (() => number) => {
  let [a, b, c, d] = hash(`${seed}/${name}`)
  const word = (): number => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 8; i++) word()
  return () => word() / 4294967296
}
