/**
 * What is under way: an unordered collection whose items come and go with every call, for which a `Set` is too dear
 * (docs/decisions/0037).
 */

/** The place of an item that is in no bag. */
export const nowhere = -1

/** Something that can be put into a bag, into one at a time. */
export interface Item {
  /** Its place in the bag; the bag's own to change. */
  place: number
}

/** A collection of items, in no order. */
export class Bag<A extends Item> {
  readonly #items: Array<A> = []

  get size(): number {
    return this.#items.length
  }

  /** What is in it now: items may come and go meanwhile. */
  [Symbol.iterator](): IterableIterator<A> {
    return this.#items.slice().values()
  }

  /** Puts an item in, if it is not there. */
  add(item: A): void {
    if (item.place !== nowhere) return
    item.place = this.#items.length
    this.#items.push(item)
  }

  /** Takes an item out; whether it was there. */
  delete(item: A): boolean {
    const { place } = item
    if (place === nowhere) return false
    const last = this.#items.pop() as A
    if (last !== item) {
      last.place = place
      this.#items[place] = last
    }
    item.place = nowhere
    return true
  }
}
