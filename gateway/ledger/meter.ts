/** What the ledger counts and times; `http/metrics.ts` shows it. */
export interface LedgerMeter {
  /** Runs one stage of a call and records how long it took, also where it failed. */
  time<Value>(stage: Stage, run: () => Promise<Value>): Promise<Value>;
  /** A write is tried again, or asked after. @param reason a validation code's name or another fixed word. */
  retried(reason: string): void;
}

/** The stages of a call as Fabric's gateway service has them; `attest` is an endorsement that is never submitted. */
export type Stage = 'evaluate' | 'endorse' | 'submit' | 'commit' | 'attest';
