import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client, credentials } from '@grpc/grpc-js';
import { common, orderer } from '@hyperledger/fabric-protos';

import { copyRoot } from '../../../network/embedded/config/edit-config.js';
import { computeUpdate } from '../../../network/embedded/config/update/compute-update.js';
import { envelopeOfUpdate, signUpdate } from '../../../network/embedded/config/update/sign-update.js';
import { createSigner, type Signer } from '../../../network/embedded/msp/signer.js';
import { readPlan } from '../../../network/manager/plan-file.js';
import { pollFor } from '../../../network/manager/poll.js';
import { type NetworkPlan } from '../../../network/plan/plan.js';
import { type TestNetwork } from './test-network.js';

const COMMIT_MS_MAX = 20_000;

/** The plan of an embedded network's data folder. */
export function planOf(network: TestNetwork): NetworkPlan {
  return JSON.parse(readFileSync(join(network.folder.root, 'plan.json'), 'utf8')) as NetworkPlan;
}

/** An organisation's administrator, the orderer's too. @throws {Error} where the plan has none */
export function adminOf(network: TestNetwork, mspId: string): Signer {
  const plan = readPlan(network.folder.root);
  if (plan === undefined) throw new Error('a network has a plan');
  const ordering = plan.engine === 'fabric' ? plan.orderingOrganisations : [plan.orderer];
  const organisation = [...plan.organisations, ...ordering].find((each) => each.mspId === mspId);
  const admin = organisation?.users.find(({ role }) => role === 'admin');
  if (admin === undefined) throw new Error(`${mspId} has no administrator`);
  return createSigner({
    mspId,
    certificatePem: readFileSync(admin.msp.certificateFile, 'utf8'),
    privateKeyPem: readFileSync(admin.msp.privateKeyFile, 'utf8'),
  });
}

/** The configuration in force, as a peer tells it. @param user whose peer is asked */
export async function configOf(network: TestNetwork, user: string): Promise<common.Config> {
  const cscc = network.connectAs(user).contract('cscc');
  return common.Config.deserializeBinary(await cscc.evaluateTransaction('GetChannelConfig', network.channel));
}

/** A change of the configuration, who agrees to it, and who may ask for the configuration. */
export interface ConfigChange {
  readonly edit: (root: common.ConfigGroup) => void;
  /** Administrators who sign, or the MSP ids of those that the plan has. */
  readonly signedBy: readonly (string | Signer)[];
  readonly user: string;
}

/** Sends an update to the orderer as any client would. @returns its answer */
export async function sendUpdate(network: TestNetwork, change: ConfigChange): Promise<orderer.BroadcastResponse> {
  const config = await configOf(network, change.user);
  const root = copyRoot(config);
  change.edit(root);
  const original = config.getChannelGroup() ?? new common.ConfigGroup();
  const update = computeUpdate(network.channel, original, root).serializeBinary();
  const signers = change.signedBy.map((each) => (typeof each === 'string' ? adminOf(network, each) : each));
  const signatures = signers.map((signer) => signUpdate(update, signer));
  const sender = signers[0] ?? adminOf(network, planOf(network).organisations[0]?.mspId ?? '');
  return broadcast(network, envelopeOfUpdate(network.channel, update, signatures, sender, Date.now()));
}

/** As `sendUpdate`, and waits until the peer of `user` has the new configuration. @throws {Error} where it was refused */
export async function changeConfig(network: TestNetwork, change: ConfigChange): Promise<void> {
  const before = (await configOf(network, change.user)).getSequence();
  const response = await sendUpdate(network, change);
  if (response.getStatus() !== common.Status.SUCCESS) throw new Error(response.getInfo());
  await pollFor(COMMIT_MS_MAX, async () => (await configOf(network, change.user)).getSequence() > before || undefined);
}

/** One envelope to the orderer's own port. @param envelope bytes of common.Envelope */
export async function broadcast(network: TestNetwork, envelope: Uint8Array): Promise<orderer.BroadcastResponse> {
  const plan = readPlan(network.folder.root);
  const [node] = (plan?.engine === 'fabric' ? plan.orderers : plan?.orderer.nodes) ?? [];
  if (node === undefined) throw new Error('a network has an orderer');
  const client = new Client(node.address, credentials.createSsl(readFileSync(node.tls.caFile)), {
    'grpc.ssl_target_name_override': node.id,
  });
  const { path, requestSerialize, responseDeserialize } = orderer.AtomicBroadcastService.broadcast;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  try {
    return await new Promise<orderer.BroadcastResponse>((resolve, reject) => {
      stream.on('data', resolve);
      stream.on('error', reject);
      stream.write(common.Envelope.deserializeBinary(envelope));
    });
  } finally {
    stream.on('error', () => undefined); // Cancelling reports itself as an error, to nobody.
    stream.cancel();
    client.close();
  }
}
