export {
  formatKillMatrix,
  judgeControl,
  judgeReference,
  killMatrix,
  QUICK_CONTROLS,
  QUICK_REFERENCES,
} from './kill-matrix.ts';
export type { ControlRow, KillMatrix, ReferenceRow } from './kill-matrix.ts';
export { findControl, loadControls } from './registry.ts';
export type { ControlEntry } from './registry.ts';
