export {
  FAULT_KINDS,
  durationOf,
  losesReply,
  stageOf,
  type Fault,
  type FaultKind,
  type FaultStage,
} from './fault-kinds.ts';
export { FaultPlanError } from './fault-plan-error.ts';
export {
  faultPlanJsonSchema,
  kindsOf,
  parseFaultPlan,
  type FaultPlan,
  type PlannedFault,
} from './fault-plan.ts';
export { FaultScript, type FaultTarget } from './fault-script.ts';
export { errorOf, faultyReply } from './faulty-reply.ts';
export { namedFaultPlan, type FaultPlanName, type NamedPlanOptions } from './named-plans.ts';
