export type { Control, ControlSetting, Reference, Situation } from './control.ts';
export {
  formatKillMatrix,
  IMPLIED,
  judgeControl,
  judgeReference,
  killMatrix,
  QUICK_CONTROLS,
  QUICK_REFERENCES,
} from './kill-matrix.ts';
export type { ControlRow, KillMatrix, ReferenceRow } from './kill-matrix.ts';
export { findControl, loadControls } from './registry.ts';
export type { ControlEntry, ModuleEntry } from './registry.ts';
