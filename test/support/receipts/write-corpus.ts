import { makeCorpus, writeCorpus } from './corpus.js';

/** Run with scripts/run-typescript when the format changes: `scripts/run-typescript test/support/receipts/write-corpus.ts`. */
void makeCorpus().then(writeCorpus);
