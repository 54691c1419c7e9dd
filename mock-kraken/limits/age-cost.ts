/** What can be done to an order that is open already. */
export type AgedAction = 'amend' | 'edit' | 'cancel';

/** Upper ends of the age classes, in milliseconds since the order was created or last amended. */
const CLASSES_MS = [5_000, 10_000, 15_000, 45_000, 90_000, 300_000] as const;

/** Cost per age class; older orders cost nothing. Kraken docs, trading rate limits. */
const COSTS: Readonly<Record<AgedAction, readonly number[]>> = {
  amend: [3, 2, 1],
  edit: [6, 5, 4, 2, 1],
  cancel: [8, 6, 5, 4, 2, 1],
};

/** What touching an order of this age costs at the matching engine, on top of the fixed cost. */
export function ageCost(action: AgedAction, ageMs: number): number {
  const ageClass = CLASSES_MS.findIndex((endMs) => ageMs < endMs);
  return ageClass < 0 ? 0 : (COSTS[action][ageClass] ?? 0);
}
