export type { Control, Reference } from './control.ts';
export type { ControlSetting } from './wire/control-setting.ts';
export type { Situation } from '../target/situation.ts';
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
