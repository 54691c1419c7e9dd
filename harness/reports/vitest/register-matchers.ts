/** Importing this adds the matchers to Vitest's `expect`. */
import { registerJournalMatchers } from './journal-matchers.ts';

registerJournalMatchers();
