import { connect } from 'node:net';

import { readSigner } from '../embedded/read-signer.js';
import { pollFor } from '../manager/poll.js';
import { type FabricPlan, firstPeers, organisationOf, type OrdererPlan } from '../plan/fabric-plan.js';
import { adminOf } from './channel.js';
import { FabricError } from './fabric-error.js';
import { canEndorse } from './gateway-probe.js';

/** How long a node may take to listen, and every gateway to find the other organisations' peers, milliseconds. */
const listenMs = 30_000;
const gatewaysMs = 60_000;
const probePauseMs = 250;

/** A port that a process of a network is to open, and where it says why it did not. */
export interface Listener {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly logFile: string;
}

/** Where an orderer takes its administrator's calls. */
export function adminEnd({ id, host, adminPort, logFile }: OrdererPlan): Listener {
  return { id, host, port: adminPort, logFile };
}

/** Where a node or a chaincode's server listens. @throws FabricError FABRIC_NODE_UNKNOWN */
export function listenerOf({ orderers, peers, chaincodes }: FabricPlan, name: string): Listener {
  const servers = chaincodes.flatMap((chaincode) => chaincode.servers).map((each) => ({ ...each, id: each.name }));
  const found = [...orderers, ...peers, ...servers].find(({ id }) => id === name);
  if (found === undefined) throw new FabricError('FABRIC_NODE_UNKNOWN', `no node ${name} in this network`);
  return found;
}

/** Waits until a process listens. @throws FabricError FABRIC_NODE_UNREACHABLE */
export async function waitUntilListening(listener: Listener): Promise<void> {
  const listens = await pollFor(listenMs, async () => ((await isListening(listener)) ? true : undefined));
  if (listens === undefined) {
    const message = `${listener.id} did not listen on port ${listener.port}; its log: ${listener.logFile}`;
    throw new FabricError('FABRIC_NODE_UNREACHABLE', message);
  }
}

function isListening({ host, port }: Listener): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}

/**
 * Waits until the first peer of every organisation can have the first chaincode endorsed by all of them.
 * @throws FabricError FABRIC_NOT_READY
 */
export async function waitForGateways(plan: FabricPlan): Promise<void> {
  const [chaincode] = plan.chaincodes;
  if (chaincode === undefined) return;
  const mspIds = plan.organisations.map(({ mspId }) => mspId);
  const call = { channel: plan.channel.name, chaincode: chaincode.name, mspIds };
  const late = await Promise.all(
    firstPeers(plan).map(async (peer) => {
      const signer = readSigner(peer.mspId, adminOf(organisationOf(plan, peer.mspId)));
      const ready = await pollFor(
        gatewaysMs,
        async () => ((await canEndorse(peer, call, signer)) ? true : undefined),
        probePauseMs,
      );
      return ready === undefined ? [peer.id] : [];
    }),
  );
  if (late.flat().length > 0) {
    const message = `the gateways of ${late.flat().join(', ')} found no endorsers within ${gatewaysMs / 1000} s`;
    throw new FabricError('FABRIC_NOT_READY', message);
  }
}
