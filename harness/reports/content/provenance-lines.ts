import type { Provenance } from '../../provenance/index.ts';
import { formatDuration } from '../../format.ts';
import type { Verdict } from '../../judge/verdict/index.ts';

/** A name and what there is to say under it. */
export type NamedText = readonly [name: string, text: string];

/** Where a verdict comes from, each thing under its name; what is not known is left out. */
export function provenanceFacts({ provenance }: Verdict): readonly NamedText[] {
  if (provenance === undefined) return [];
  const { recordedBy, command, target, measured } = provenance;
  const { node, platform, startedAt, durationMs, source, trace } = measured;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['nonceproof', versions(provenance)],
    ['recorded by', recordedBy === null || command === null ? null : `nonceproof ${command}`],
    ['target', target],
    ['Node', node],
    ['platform', platform],
    ['started', startedAt],
    ['duration', durationMs === null ? null : formatDuration(durationMs * 1e6)],
    ['commit', source?.commit],
    ['files', source?.dirty === undefined ? null : source.dirty ? CHANGED : 'as in the commit'],
    ['trace SHA-256', trace?.sha256],
  ];
  return facts.flatMap(([name, text]) =>
    text === null || text === undefined ? [] : [[name, text] as const],
  );
}

const CHANGED = 'changed since the commit, or in none';

function versions({ nonceproof, recordedBy }: Provenance): string {
  const isSame = recordedBy === null || recordedBy === nonceproof;
  return isSame ? nonceproof : `${nonceproof}, recorded with ${recordedBy}`;
}

const COMMIT_CHARS = 12;
const HASH_CHARS = 16;

/** The same in one short line; `null`: nothing is known. */
export function provenanceLine({ provenance }: Verdict): string | null {
  if (provenance === undefined) return null;
  const { node, platform, startedAt, source, trace } = provenance.measured;
  const state = source?.dirty === true ? ' (changed)' : '';
  return [
    `nonceproof ${provenance.nonceproof}`,
    ...(node === null ? [] : [`Node ${node}`]),
    ...(platform === null ? [] : [platform]),
    ...(startedAt === null ? [] : [startedAt]),
    ...(source === undefined ? [] : [`commit ${source.commit.slice(0, COMMIT_CHARS)}${state}`]),
    ...(trace === null ? [] : [`trace ${trace.sha256.slice(0, HASH_CHARS)}`]),
  ].join(' · ');
}

/** What a report shows of one part of a scenario; a plan of faults may have thousands. */
const PART_CHARS_MAX = 2_000;

/** The scenario, part by part, as JSON. */
export function scenarioFacts({ provenance }: Verdict): readonly NamedText[] {
  return Object.entries(provenance?.scenario ?? {}).map(([name, value]) => [name, shortened(value)] as const);
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  if (text.length <= PART_CHARS_MAX) return text;
  return `${text.slice(0, PART_CHARS_MAX)}… (${text.length} characters; all of it is in verdict.json)`;
}
