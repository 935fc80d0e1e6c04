import { type BatchRules } from '../config/channel-config.js';

/**
 * Collects envelopes into batches by count and size; time is the caller's. Pure bookkeeping, no clock.
 * Source: Fabric orderer/common/blockcutter/blockcutter.go.
 */
export class BatchCutter {
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  /** @returns the batches that are full now, none, one or two: an envelope above the preferred size goes alone. */
  add(envelope: Uint8Array, rules: BatchRules): Uint8Array[][] {
    const full: Uint8Array[][] = [];
    if (envelope.length > rules.preferredBytes) {
      if (this.#pending.length > 0) full.push(this.cut());
      return [...full, [envelope]];
    }
    if (this.#pendingBytes + envelope.length > rules.preferredBytes) full.push(this.cut());
    this.#pending.push(envelope);
    this.#pendingBytes += envelope.length;
    if (this.#pending.length >= rules.maxMessages) full.push(this.cut());
    return full;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** Closes the open batch. @returns its envelopes, none where it is empty. */
  cut(): Uint8Array[] {
    const batch = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    return batch;
  }
}
