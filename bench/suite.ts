import b from 'benny';

/** One way of doing what its suite compares. */
export interface Case {
  readonly name: string;
  /** One round; async rounds are awaited. */
  round(): unknown;
  /** Throws when the rounds so far did not do what they claim: a wrong answer has no speed. */
  check(): void;
}

/**
 * Measures the cases side by side in one run and prints each one's rounds per second, and its ratio to the
 * first. These machines are noisy: believe ratios of one run, not figures of two.
 */
export async function compare(title: string, cases: readonly Case[]): Promise<void> {
  const summary = await b.suite(
    title,
    ...cases.map(({ name, round }) =>
      // benny times a function that returns a function by the inner one, and needs async to be said.
      b.add(name, () => (isAsync(round) ? async () => void (await round()) : () => void round())),
    ),
  );
  for (const { check } of cases) check();
  print(title, summary.results);
}

function isAsync(round: () => unknown): boolean {
  return round.constructor.name === 'AsyncFunction';
}

function print(
  title: string,
  results: readonly { readonly name: string; readonly ops: number; readonly margin: number }[],
): void {
  const base = results[0]?.ops ?? 1;
  process.stdout.write(`\n${title}\n`);
  for (const { name, ops, margin } of results) {
    const ratio = `${(ops / base).toFixed(2)}x`;
    process.stdout.write(
      `  ${name.padEnd(44)} ${Math.round(ops).toLocaleString('en-US').padStart(12)} rounds/s ±${margin.toFixed(1)} % ${ratio.padStart(8)}\n`,
    );
  }
}

/** Throws unless `holds`. */
export function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(`The benchmark's answer is wrong: ${message}`);
}
