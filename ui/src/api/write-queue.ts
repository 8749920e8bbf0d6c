/** Where one value is kept. */
export interface Keeper {
  /** The value as it is now. `leaving`: there is no time to ask, so what is known has to do. */
  read(leaving: boolean): Promise<unknown>
  write(value: unknown, leaving: boolean): Promise<void>
  /** Called when a value was written, before its changes leave the queue. */
  onKept(value: unknown): void
  /** Called when changes were refused; they have left the queue. */
  onRefused(changes: readonly Change[], error: unknown): void
}

/** One change of a value, and how to speak of it. */
export interface Change {
  /** Makes the new value; it may run several times, and on a value that somebody else changed. */
  apply(value: unknown): unknown
  /** What people are told when it was refused; nothing when they need not know. */
  refusal?: string
  /** The page is about to go away. */
  leaving?: boolean
}

/**
 * Writes the changes of one value one after the other. Each is made on what is kept at that time, so
 * that the changes of another browser stay; those that come while one is written go together.
 */
export class WriteQueue {
  /** What is not kept yet, oldest first. Another list whenever it changes. */
  waiting: readonly Change[] = []
  #busy = false

  constructor(
    private readonly keeper: Keeper,
    private readonly onChange: () => void,
  ) {}

  /** Makes a change, as soon as those before it are made or refused. */
  add(change: Change): void {
    this.#set([...this.waiting, change])
    if (!this.#busy) void this.#run()
  }

  async #run() {
    this.#busy = true
    while (this.waiting.length > 0) await this.#writeAll()
    this.#busy = false
  }

  async #writeAll() {
    let batch = this.waiting
    try {
      const isLeaving = (changes: readonly Change[]) => changes.some(({ leaving }) => leaving)
      const base = await this.keeper.read(isLeaving(batch))
      batch = this.waiting
      const value = applied(batch, base)
      await this.keeper.write(value, isLeaving(batch))
      this.keeper.onKept(value)
      this.#set(this.waiting.slice(batch.length))
    } catch (error) {
      this.#set(this.waiting.slice(batch.length))
      this.keeper.onRefused(batch, error)
    }
  }

  #set(waiting: readonly Change[]) {
    this.waiting = waiting
    this.onChange()
  }
}

/** A value after some changes. */
export const applied = (changes: readonly Change[], value: unknown): unknown =>
  changes.reduce((before, { apply }) => apply(before), value)
