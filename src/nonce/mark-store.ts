/** Keeps one number over restarts. */
export interface MarkStore {
  /** The last mark saved; `undefined` when none ever was. Rejects when that cannot be told. */
  load(): Promise<bigint | undefined>;
  /** Resolves when the mark will be there after a crash at any later moment. */
  save(mark: bigint): Promise<void>;
}
