export { FakedTime, findFaketime } from './faketime.ts';
export { QUICK_ABSENT_ORDERS, QUICK_DURATIONS, QUICK_TIMES_PER_KIND, slowestServiceMs } from './pace.ts';
export { readFaultPlan } from './read-fault-plan.ts';
