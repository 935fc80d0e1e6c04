import { type NetworkPlan } from '../../plan/plan.js';
import { parsePolicyText } from '../msp/policy-text.js';
import { type Signer } from '../msp/signer.js';
import { type Orderer } from '../order/orderer.js';
import { type Peer } from '../peer/peer.js';
import { readSigner } from '../read-signer.js';
import { Writer } from '../wire/protobuf-writer.js';
import { createDefinitionTransaction } from './commit-definition.js';
import { encodeCollections } from './encode-collections.js';

/** How long a definition may take to be committed, milliseconds. */
const commitTimeoutMs = 10_000;

/**
 * Commits the definitions of the plan's chaincodes that the channel does not hold yet.
 * @throws Error where a definition was not committed as VALID
 */
export async function deployChaincodes(
  plan: NetworkPlan,
  nodes: readonly { readonly peer: Peer; readonly signer: Signer }[],
  orderer: Orderer,
): Promise<void> {
  const [organisation] = plan.organisations;
  const administrator = organisation?.users.find(({ role }) => role === 'admin');
  if (organisation === undefined || administrator === undefined) throw new Error('the plan has no administrator');
  const client = readSigner(organisation.mspId, administrator);
  for (const { name, version, sequence, endorsement, collections } of plan.chaincodes) {
    const terms = {
      name,
      version,
      sequence: BigInt(sequence),
      endorsementPolicy: new Writer().message(1, parsePolicyText(endorsement)).bytes(), // ApplicationPolicy.signature_policy
      collectionConfig: encodeCollections(collections),
    };
    const endorsers = nodes.map(({ peer, signer }) => ({ signer, state: peer.openState() }));
    const transaction = createDefinitionTransaction(plan.channel.name, terms, client, endorsers);
    await Promise.all(endorsers.map(({ state }) => state.close()));
    if (transaction === undefined) continue;
    orderer.broadcast(transaction.envelope);
    await checkCommitted(nodes, name, transaction.txId);
  }
}

async function checkCommitted(nodes: readonly { readonly peer: Peer }[], name: string, txId: string): Promise<void> {
  const timeout = AbortSignal.timeout(commitTimeoutMs);
  const verdicts = await Promise.all(nodes.map(({ peer }) => peer.waitForTransaction(txId, timeout)));
  const refused = verdicts.find(({ code }) => code !== 0);
  if (refused !== undefined) throw new Error(`the definition of ${name} was refused with code ${refused.code}`);
}
