import { createRequire } from 'node:module';
import { replace, undoAll } from './patch.ts';
import type { Undo } from './patch.ts';
import type { Router } from './router.ts';

const require = createRequire(import.meta.url);

/** Replaces `Math.random`, `crypto.getRandomValues` and the random functions of `node:crypto`. */
export function patchChanceGlobals(router: Router): Undo {
  const crypto = require('node:crypto') as Record<string, unknown>;
  const realRandom = Math.random;
  const real = {
    randomBytes: crypto['randomBytes'] as (size: number, callback?: RandomBytesCallback) => Buffer,
    randomUUID: crypto['randomUUID'] as (options?: object) => string,
    randomInt: crypto['randomInt'] as (...args: unknown[]) => number,
    getRandomValues: webValues,
  };
  const chance = (global: string): (() => number) | null => {
    const world = router.worldFor(global);
    return world === null ? null : () => world.random();
  };
  const virtual = virtualChance(chance, real);
  const prototype = Object.getPrototypeOf(globalThis.crypto) as Record<string, unknown>;
  return undoAll([
    replace(Math, 'random', () => chance('Math.random')?.() ?? realRandom()),
    replace(crypto, 'randomBytes', virtual.randomBytes),
    replace(crypto, 'randomUUID', virtual.randomUUID),
    replace(crypto, 'randomInt', virtual.randomInt),
    replace(prototype, 'getRandomValues', virtual.getRandomValues),
    replace(prototype, 'randomUUID', virtual.randomUUID),
  ]);
}

type RandomBytesCallback = (error: null, bytes: Buffer) => void;
type Chance = (global: string) => (() => number) | null;

const webValues = globalThis.crypto.getRandomValues.bind(globalThis.crypto);

interface RealChance {
  readonly randomBytes: (size: number, callback?: RandomBytesCallback) => Buffer;
  readonly randomUUID: (options?: object) => string;
  readonly randomInt: (...args: unknown[]) => number;
  readonly getRandomValues: typeof webValues;
}

function virtualChance(chance: Chance, real: RealChance): Record<string, unknown> & RealChance {
  const bytesOf = (size: number, random: () => number): Buffer =>
    Buffer.from(Uint8Array.from({ length: size }, () => random() * 256));
  return {
    randomBytes(size, callback) {
      const random = chance('crypto.randomBytes');
      if (random === null)
        return callback === undefined ? real.randomBytes(size) : real.randomBytes(size, callback);
      const bytes = bytesOf(size, random);
      if (callback !== undefined) queueMicrotask(() => callback(null, bytes));
      return bytes;
    },
    randomUUID(options) {
      const random = chance('crypto.randomUUID');
      return random === null ? real.randomUUID(options) : uuidOf(bytesOf(16, random));
    },
    randomInt(...args) {
      const random = chance('crypto.randomInt');
      if (random === null) return real.randomInt(...args);
      const [min, max] =
        args.length > 1 && typeof args[1] === 'number'
          ? [args[0] as number, args[1]]
          : [0, args[0] as number];
      return min + Math.floor(random() * (max - min));
    },
    getRandomValues: (array) => {
      const random = chance('crypto.getRandomValues');
      if (random === null || array === null) return real.getRandomValues(array);
      const view = array as unknown as Uint8Array;
      new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytesOf(view.byteLength, random));
      return array;
    },
  };
}

/** RFC 9562, version 4. */
function uuidOf(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
