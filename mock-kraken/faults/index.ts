export { durationOf, FAULT_KINDS, losesReply, stageOf } from './fault-kinds.ts';
export type { Fault, FaultKind, FaultStage } from './fault-kinds.ts';
export { FaultPlanError } from './fault-plan-error.ts';
export { faultPlanJsonSchema, kindsOf, parseFaultPlan } from './fault-plan.ts';
export type { FaultPlan, PlannedFault } from './fault-plan.ts';
export { FaultScript } from './fault-script.ts';
export { errorOf, faultyReply } from './faulty-reply.ts';
export { namedFaultPlan } from './named-plans.ts';
export type { FaultPlanName, NamedPlanOptions } from './named-plans.ts';
