export type { AdmissionRule, Effect, JournalRecord, Outcome } from './journal.ts';
