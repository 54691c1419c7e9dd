import { z } from 'zod';
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts';
import { FaultPlanError } from './fault-plan-error.ts';

/** How many faults a plan may hold. */
const FAULTS_MAX = 10_000;

/** The longest a fault may last. */
const FAULT_MS_MAX = 3_600_000;

const plannedFault = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  nth: z
    .int()
    .min(1)
    .describe('which of the calls that fit, counted from 1 in the order of arrival at the door'),
  method: z.string().optional().describe('only calls of this method fit, e.g. AddOrder; default: any'),
  account: z.string().optional().describe('only calls of this account fit, e.g. USER_1; default: any'),
  ms: z
    .number()
    .min(0)
    .max(FAULT_MS_MAX)
    .optional()
    .describe('how long it lasts, in milliseconds; default: by kind'),
});

const faultPlan = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).describe('what to call the plan'),
  faults: z.array(plannedFault).max(FAULTS_MAX),
});

/** A fault and the call that it strikes: the first that fits, from the `nth` on, and is not struck already. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** Which of the calls that fit, counted from 1 in the order in which they reach the door. */
  readonly nth: number;
  /** Only calls of this method fit. Default: any. */
  readonly method?: string | undefined;
  /** Only calls of this account fit. Default: any. */
  readonly account?: string | undefined;
  /** How long it lasts, in milliseconds. Default: by kind. */
  readonly ms?: number | undefined;
}

/** What goes wrong in a run, as data: it can be written to a file, replayed, shrunk, and put into a schedule. */
export interface FaultPlan {
  readonly version: 1;
  readonly name: string;
  readonly faults: readonly PlannedFault[];
}

/**
 * Checks a plan that came from outside.
 * @param plan - parsed JSON
 * @throws FaultPlanError that names the first thing wrong with it
 */
export function parseFaultPlan(plan: unknown): FaultPlan {
  const parsed = faultPlan.safeParse(plan);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FaultPlanError(issue?.path.join('.') ?? '', issue?.message ?? 'not a plan');
}

/** The kinds that a plan contains, each once, in the order of `FAULT_KINDS`. */
export function kindsOf(plan: FaultPlan): readonly FaultKind[] {
  const planned = new Set(plan.faults.map(({ kind }) => kind));
  return FAULT_KINDS.filter((kind) => planned.has(kind));
}

/** A JSON Schema of the file format. */
export function faultPlanJsonSchema(): unknown {
  return z.toJSONSchema(faultPlan);
}
