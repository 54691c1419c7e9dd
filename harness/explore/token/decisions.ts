import type { Choices } from '../engine/index.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** Choices from here on take a second number. */
const CHOICE_MAX = 7;

/**
 * Writes choices as their decisions: how many defaults come before each, and what was chosen. A decision within
 * sixteen choice points of the last, among the first eight options, takes one byte.
 */
export function writeDecisions(choices: Choices, bytes: ByteWriter): void {
  let defaults = 0;
  for (const choice of choices) {
    if (choice === 0) defaults += 1;
    else {
      const small = Math.min(choice - 1, CHOICE_MAX);
      bytes.number(defaults * (CHOICE_MAX + 1) + small);
      if (small === CHOICE_MAX) bytes.number(choice - 1 - CHOICE_MAX);
      defaults = 0;
    }
  }
}

/** Reads choices up to the end; without the defaults after the last decision. */
export function readDecisions(bytes: ByteReader, choicesMax: number): Choices {
  const choices: number[] = [];
  while (!bytes.isAtEnd) {
    const packed = bytes.number();
    const defaults = Math.floor(packed / (CHOICE_MAX + 1));
    if (choices.length + defaults >= choicesMax) throw new RangeError(`more than ${choicesMax} choices`);
    const small = packed % (CHOICE_MAX + 1);
    for (let n = 0; n < defaults; n += 1) choices.push(0);
    choices.push(1 + (small < CHOICE_MAX ? small : CHOICE_MAX + bytes.number()));
  }
  return choices;
}
