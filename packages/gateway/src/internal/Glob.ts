/**
 * Model patterns of consumers: `*` stands for any characters, everything else for itself. Compiled without regular
 * expressions, so that no pattern can be slow.
 */

/** True when the name fits. */
export type Glob = (name: string) => boolean

/** Compiles a pattern. */
export const compile = (pattern: string): Glob => {
  const [head = "", ...parts] = pattern.split("*")
  const tail = parts.pop()
  if (tail === undefined) return (name) => name === pattern
  const inner = parts.filter((part) => part !== "")
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false
    let at = head.length
    const end = name.length - tail.length
    for (const part of inner) {
      const found = name.indexOf(part, at)
      if (found === -1 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}
