/** One turn, measured on the clock that all threads and processes of a host share. */
export interface MeasuredTurn {
  readonly enteredNs: number;
  readonly leftNs: number;
  /** `null`: what is measured hands out none. */
  readonly nonce: bigint | null;
}

/** Runs a body in a turn, and hands it that turn's nonce if there is one. */
export type RunTurn = (body: (nonce: bigint | null) => void) => Promise<void>;

/** When callers begin and end, in nanoseconds of that clock. */
export interface Span {
  readonly fromNs: number;
  readonly untilNs: number;
}

/** Callers of each participant: enough for somebody to wait at any moment. */
export const CALLERS = 4;
/** Turns of each participant: a promise chain makes millions. */
const TURNS_MAX = 50_000;

/** Nanoseconds since the host was started. */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}

/** Several callers take one turn after the other for as long as the span lasts. */
export async function runCallers(
  runTurn: RunTurn,
  { fromNs, untilNs }: Span,
): Promise<readonly MeasuredTurn[]> {
  const turns: MeasuredTurn[] = [];
  const body = (nonce: bigint | null): void => {
    const enteredNs = nowNs();
    turns.push({ enteredNs, nonce, leftNs: nowNs() });
  };
  await new Promise((resolve) => setTimeout(resolve, (fromNs - nowNs()) / 1e6));
  const call = async (): Promise<void> => {
    while (nowNs() < untilNs && turns.length < TURNS_MAX) await runTurn(body);
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  return turns;
}
