import { Info, Returns, Transaction } from 'fabric-contract-api';
import { type AttestedAnswer } from '../../domain/attestation.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { parseDigestHex, parseHashAlgorithm } from '../../domain/digests.js';
import { type Heartbeat } from '../../domain/heartbeat.js';
import { type EvidenceId, parseEvidenceId } from '../../domain/ids.js';
import { type Clock } from '../clock-guard.js';
import { requireMembers } from '../consortium/rules.js';
import { readConsortium } from '../consortium/store.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { attestBatch } from './batch-rules.js';
import { BatchStore } from './batch-store.js';
import { HeartbeatStore } from './heartbeat-store.js';
import { attestAbsence, attestRecord, nextHeartbeat } from './proof-rules.js';
import { EvidenceStore } from './store.js';
import { joinObjections } from './view.js';

/**
 * Questions whose answers are endorsed by several organisations and never submitted: each answer is then a statement
 * about the ledger that these organisations signed (the attestation of a receipt). The answers are small and say no
 * more than a proof needs. Every question reads the heartbeat first, so the read set tells how new the answer is.
 */
@Info({ title: 'proof', description: 'Statements about records, for organisations to sign.' })
export class ProofContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('proof', clock);
  }

  /** @param id of a record. @returns canonical JSON of `AttestedAnswer` about `["evidence", id]`. @throws ID_MALFORMED */
  @Transaction(false)
  @Returns('string')
  async record(ctx: LedgerContext, id: string): Promise<string> {
    const wanted = parseEvidenceId(id);
    const heartbeat = await new HeartbeatStore(ctx.stub).read();
    return canonicalJson(await attest(new EvidenceStore(ctx.stub), wanted, heartbeat));
  }

  /** As `record`, about `["batch", id]`. @throws ID_MALFORMED */
  @Transaction(false)
  @Returns('string')
  async batch(ctx: LedgerContext, id: string): Promise<string> {
    const wanted = parseEvidenceId(id);
    const heartbeat = await new HeartbeatStore(ctx.stub).read();
    const batch = await new BatchStore(ctx.stub).batch(wanted);
    return canonicalJson(
      batch === undefined ? attestAbsence(['batch', wanted], heartbeat) : attestBatch(batch, heartbeat),
    );
  }

  /**
   * Whether a digest is recorded under an algorithm (requirement R05: never the value alone).
   * @returns canonical JSON of `AttestedAnswer`: an absence of `["digest", algorithm, digest]`, or what `record`
   * answers about the first record of the digest in the order of ids. @throws ALGORITHM_REFUSED, DIGEST_MALFORMED
   */
  @Transaction(false)
  @Returns('string')
  async digest(ctx: LedgerContext, algorithm: string, digest: string): Promise<string> {
    const name = parseHashAlgorithm(algorithm);
    const value = parseDigestHex(name, digest);
    const heartbeat = await new HeartbeatStore(ctx.stub).read();
    const store = new EvidenceStore(ctx.stub);
    const first = await store.firstOf(name, value);
    return canonicalJson(
      first === undefined ? attestAbsence(['digest', name, value], heartbeat) : await attest(store, first, heartbeat),
    );
  }

  /**
   * Writes the heartbeat again, unless the last one is younger than a second.
   * @returns canonical JSON of the `Heartbeat` that stands. @throws CONSORTIUM_UNSET
   */
  @Transaction()
  @Returns('string')
  async beat(ctx: LedgerContext): Promise<string> {
    const store = new HeartbeatStore(ctx.stub);
    const current = await store.read();
    const next = nextHeartbeat(current, ctx.moment);
    if (next === undefined) return canonicalJson(current ?? {});
    await store.write(next, requireMembers(await readConsortium(ctx.stub)));
    return canonicalJson(next);
  }
}

async function attest(store: EvidenceStore, id: EvidenceId, heartbeat: Heartbeat | undefined): Promise<AttestedAnswer> {
  const record = await store.record(id);
  if (record === undefined) return attestAbsence(['evidence', id], heartbeat);
  const mark = await store.supersession(id);
  return attestRecord(record, mark, joinObjections(await store.entries(id)), heartbeat);
}
