export { decisionCount, trimmed } from './choices.ts';
export type { Choices } from './choices.ts';
export { areDependent, TOUCHES } from './operation.ts';
export type { Operation } from './operation.ts';
export type { Program, Run } from './program.ts';
export { promiseProgram } from './promise-program.ts';
export type { Outcome, Point, PointOptions } from './promise-program.ts';
