/** Puts back what a patch replaced. */
export type Undo = () => void;

/** Replaces a property, whether the object has it itself or inherits it. */
export function replace<T extends object>(target: T, name: keyof T & string, value: unknown): Undo {
  const original = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, enumerable: true, value });
  return () => {
    if (original === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, original);
  };
}

/** Undoes all, last first. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos.toReversed()) undo();
  };
}
