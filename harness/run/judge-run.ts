import { kindsOf } from '../../mock-kraken/index.ts';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import { RunStatisticsCollector } from '../provenance/index.ts';
import type { RunFacts } from '../reports/content/index.ts';
import { describeExit, endedWell } from '../judge/rules/index.ts';
import { count } from '../format.ts';
import { judge } from '../judge/verdict/index.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import { foreignKeyDefects } from './foreign-keys.ts';
import type { Observation } from './observe.ts';
import { runContext } from './run-context.ts';
import type { RunOptions } from './run-options.ts';
import { vanishedDefects } from './strangers.ts';
import type { Target } from './target.ts';

/** What is said beside the run itself. */
export interface RunRemarks {
  /** The command that runs this again. */
  readonly reproduce: string;
  /** See `RunFacts`. */
  readonly judgeLine: string | null;
  readonly evidenceDir: string | null;
  /** Reasons why nothing can be concluded even if every rule held. */
  readonly defects: readonly string[];
}

/** One run over sockets, judged. */
export interface JudgedRun {
  readonly verdict: Verdict;
  readonly facts: RunFacts;
}

/** Judges what was observed. Pure. */
export function judgeRun(
  { target, settings }: { readonly target: Target; readonly settings: RunOptions },
  observation: Observation,
  remarks: RunRemarks,
): JudgedRun {
  const { journal, clientCalls, exit, accounts, publicCalls, clockOffsetMs } = observation;
  const { scope, seed } = settings;
  const clientSide = clientCalls !== null;
  const statistics = new RunStatisticsCollector({ clientSide });
  for (const call of journal) statistics.onCall(call);
  const defects = [
    ...remarks.defects,
    ...missingCalls(journal),
    ...foreignKeyDefects(journal),
    ...vanishedDefects(observation.vanishedCalls),
  ];
  const judged = judge(
    journal,
    {
      scope,
      accounts,
      ...runContext({ ...settings, planned: settings.faults === null ? [] : kindsOf(settings.faults) }),
      clientSide,
      originMs: observation.originMs,
      seed,
      strength: 'observed',
      reproduce: remarks.reproduce,
    },
    {
      exit,
      clientCalls,
      publicCalls,
      connectionsRefused: observation.connectionsRefused,
      faultsElsewhere: [...observation.clockFaults, ...observation.struck],
      defects,
    },
  );
  const verdict = { ...judged, notes: [...exitNotes(observation), ...observation.notes, ...judged.notes] };
  const facts: RunFacts = {
    title: titleOf(target, settings),
    accounts: accounts.length,
    scope,
    seed,
    judgeLine: remarks.judgeLine,
    statistics: statistics.finish(clientSide ? { calls: clientCalls, clockOffsetMs } : null),
    evidenceDir: remarks.evidenceDir,
  };
  return { verdict, facts };
}

/** How the target ended, before anything else is looked for; its own words say more than any advice. */
function exitNotes({ exit, journal, lastWords }: Observation): readonly string[] {
  const saysNothing = endedWell(exit) && journal.length > 0;
  if (saysNothing || (exit.endedBy === 'interrupt' && exit.signal === null && exit.status === null))
    return [];
  const ended = `The target ${describeExit(exit)}`;
  if (lastWords.length === 0) return [`${ended}, and wrote nothing on stderr.`];
  return [`${ended}. Its last lines on stderr:\n${lastWords.join('\n')}`];
}

/** Names the target, and how it was spread out: a verdict is of that. */
export function titleOf({ kind, title }: Target, settings: RunOptions): string {
  const { coordinator, perAccount, processes, threads } = settings;
  const spread = [
    perAccount ? 'a process for each account' : processes > 1 ? `${processes} processes` : '',
    threads > 1 ? `${threads} threads${processes > 1 ? ' each' : ''}` : '',
    kind === 'module' && (processes > 1 || threads > 1) ? `coordinator ${coordinator}` : '',
  ];
  return [title, ...spread.filter((part) => part !== '')].join(' · ');
}

/** A journal that let go of calls is no whole history. */
function missingCalls(journal: readonly JournalRecord[]): readonly string[] {
  const missing = (journal.at(-1)?.seq ?? 0) - journal.length;
  return missing === 0 ? [] : [`the journal let go of ${count(missing, 'call')}`];
}
