/** A promise, and the function that resolves it. */
export interface Gate {
  readonly opened: Promise<void>;
  /** Opening it again does nothing. */
  readonly open: () => void;
}

/** A gate that is closed. */
export function createGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
