/** A member of a {@link WaitQueue}; in one queue at a time. */
export interface Queued<T extends Queued<T>> {
  previous: T | null;
  next: T | null;
}

/**
 * First in, first out, with removal from the middle in constant time (a waiter that gives up). A waiter that comes
 * back to an earlier place is inserted there.
 *
 *     first <-> … <-> last        first.previous === null, last.next === null
 */
export class WaitQueue<T extends Queued<T>> implements Iterable<T> {
  #first: T | null = null;
  #last: T | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Who has waited longest; stays in the queue. */
  get first(): T | null {
    return this.#first;
  }

  push(item: T): void {
    item.previous = this.#last;
    item.next = null;
    if (this.#last === null) this.#first = item;
    else this.#last.next = item;
    this.#last = item;
    this.#size += 1;
  }

  /** Puts `item` before the first one for which `isLater` holds, or at the end when it holds for none. */
  insert(item: T, isLater: (other: T) => boolean): void {
    let next = this.#last !== null && isLater(this.#last) ? this.#first : null;
    while (next !== null && !isLater(next)) next = next.next;
    if (next === null) return this.push(item);
    item.previous = next.previous;
    item.next = next;
    if (next.previous === null) this.#first = item;
    else next.previous.next = item;
    next.previous = item;
    this.#size += 1;
  }

  shift(): T | null {
    const item = this.#first;
    if (item !== null) this.remove(item);
    return item;
  }

  /** `item` must be in this queue. */
  remove(item: T): void {
    if (item.previous === null) this.#first = item.next;
    else item.previous.next = item.next;
    if (item.next === null) this.#last = item.previous;
    else item.next.previous = item.previous;
    item.previous = null;
    item.next = null;
    this.#size -= 1;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let item = this.#first; item !== null; item = item.next) yield item;
  }
}
