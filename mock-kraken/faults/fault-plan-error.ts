/** A fault plan that cannot be read. */
export class FaultPlanError extends Error {
  readonly code = 'fault_plan_unreadable';
  /** Where in the plan, e.g. `faults.3.kind`; empty for the plan itself. */
  readonly path: string;

  constructor(path: string, observed: string) {
    const where = path === '' ? '' : ` at ${path}`;
    super(`Failed to read fault plan${where}: ${observed}. Compare it with the fault plan's JSON Schema.`);
    this.name = 'FaultPlanError';
    this.path = path;
  }
}
