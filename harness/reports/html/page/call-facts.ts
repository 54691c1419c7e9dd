import type { RunData } from '../run-data.ts';
import type { Calls } from './calls.ts';
import { formatDuration } from './format.ts';

/** All that is known of the run, as the page keeps it. */
export interface Run {
  readonly data: RunData;
  readonly calls: Calls;
  readonly nonces: readonly (string | null)[];
  /** For each call: until when some call that arrived before it was in service. */
  readonly busyUntilNs: Float64Array;
}

/** A fact of a call: a name, what it is, and the call that it leads to, if any. */
interface Fact {
  readonly name: string;
  readonly value: string;
  readonly bad?: boolean;
  readonly leadsTo?: readonly number[];
}

/** Calls named beside one that found them in service. */
const COMPANIONS_MAX = 5;

/** Shows the facts of one call. Everything goes in as text. */
export function showCallFacts(panel: HTMLElement, run: Run, call: number): void {
  const title = document.createElement('h3');
  title.textContent = `${accountOf(run, call)} ${methodOf(run, call)} #${seqOf(run, call)}`;
  const list = document.createElement('dl');
  for (const fact of factsOf(run, call)) list.append(...elementsOf(run, fact));
  panel.replaceChildren(title, list);
  panel.hidden = false;
}

function factsOf(run: Run, call: number): readonly Fact[] {
  const { data, calls } = run;
  const { columns } = data;
  const arrival = calls.arrivedNs[call] ?? 0;
  const service = columns.service[call] ?? -1;
  const wait = columns.wait?.[call] ?? -1;
  const error = data.errors[columns.error[call] ?? 0] ?? '';
  const fault = data.faults[columns.fault[call] ?? 0] ?? '';
  const broken = data.rules.filter((_, bit) => ((calls.broken[call] ?? 0) & (1 << bit)) !== 0);
  const companions = inServiceAtArrival(run, call);
  return [
    ...(broken.length === 0 ? [] : [{ name: 'broke', value: broken.join(', '), bad: true }]),
    { name: 'outcome', value: data.outcomes[columns.outcome[call] ?? 0] ?? '' },
    ...(error === '' ? [] : [{ name: 'error', value: error, bad: true }]),
    ...(fault === '' ? [] : [{ name: 'injected fault', value: fault }]),
    { name: 'nonce', value: run.nonces[call] ?? 'none' },
    { name: 'arrived', value: `${formatDuration(arrival)} after the first call` },
    { name: 'in service', value: service < 0 ? 'never answered' : formatDuration(service) },
    ...(wait < 0 ? [] : [{ name: 'queue wait', value: formatDuration(wait) }]),
    ...(companions.length === 0
      ? []
      : [{ name: 'found in service', value: '', leadsTo: companions, bad: broken.includes('no-overlap') }]),
  ];
}

/** The calls that were in service when this one arrived, the latest first; at most a few. */
export function inServiceAtArrival({ calls, busyUntilNs }: Run, call: number): readonly number[] {
  const arrival = calls.arrivedNs[call] ?? 0;
  const found: number[] = [];
  for (let other = call - 1; other >= 0 && found.length < COMPANIONS_MAX; other -= 1) {
    if ((calls.departedNs[other] ?? 0) > arrival) found.push(other);
    if ((busyUntilNs[other] ?? 0) <= arrival) break;
  }
  return found;
}

function elementsOf(run: Run, { name, value, bad = false, leadsTo = [] }: Fact): readonly HTMLElement[] {
  const term = document.createElement('dt');
  term.textContent = name;
  const description = document.createElement('dd');
  description.textContent = value;
  description.classList.toggle('bad', bad);
  for (const other of leadsTo) description.append(linkTo(run, other), ' ');
  return [term, description];
}

function linkTo(run: Run, call: number): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset['seq'] = String(seqOf(run, call));
  button.textContent = `${accountOf(run, call)} ${methodOf(run, call)} #${seqOf(run, call)}`;
  return button;
}

function accountOf({ data }: Run, call: number): string {
  return data.accounts[data.columns.account[call] ?? 0] ?? '';
}

function methodOf({ data }: Run, call: number): string {
  return data.methods[data.columns.method[call] ?? 0] ?? '';
}

function seqOf({ data }: Run, call: number): number {
  return data.columns.seq[call] ?? 0;
}

/** One line on a call, for a pointer that rests on it. */
export function describeCall(run: Run, call: number): string {
  const service = run.data.columns.service[call] ?? -1;
  const lasted = service < 0 ? 'never answered' : formatDuration(service);
  return `${accountOf(run, call)} ${methodOf(run, call)} #${seqOf(run, call)}: ${lasted}`;
}
