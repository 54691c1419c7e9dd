export { GlobalsGuard } from './guard.ts';
export { realBarrier, realNowMs } from './real-world.ts';
