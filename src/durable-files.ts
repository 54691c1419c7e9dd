/** The file operations that a durable replacement is made of. */
export interface DurableFiles {
  /** `undefined` when there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Writes the file and waits until its content is on the disk. */
  writeThrough(path: string, text: string): Promise<void>;
  /** Atomically takes the place of the file at `to`. */
  rename(from: string, to: string): Promise<void>;
  /** Waits until the names in a folder are on the disk. */
  syncFolder(path: string): Promise<void>;
}
