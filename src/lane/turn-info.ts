/** A turn as `holder()` and `waiting()` show it. */
export interface TurnInfo {
  /** The `label` it was asked for with. */
  readonly label: string;
  /** Labels of the turns around it, outermost first; empty for a turn of the lane itself. */
  readonly within: readonly string[];
  /** For how long it has held the lane, or waited for it, in milliseconds. */
  readonly forMs: number;
}
