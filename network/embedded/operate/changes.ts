import { readFileSync } from 'node:fs';

import { ensureMaterial, readMspMaterial } from '../../ca/material.js';
import { prepareAuthority, putInUse } from '../../ca/renew-authority.js';
import { type CaListener } from '../../ca/service/ca-listener.js';
import { revocationLists, revokeMember } from '../../ca/service/revocation.js';
import { setMemberAside } from '../../ca/set-aside.js';
import { type NetworkChange } from '../../manager/network-change.js';
import { type NetworkPlan, type OrganisationPlan, type PeerOrganisationPlan } from '../../plan/plan.js';
import {
  addOrganisation,
  addRootCertificate,
  removeRootCertificate,
  rootCertificates,
  setBatchRules,
  setRevocationList,
} from '../config/edit-config.js';
import { organisationGroup } from '../config/genesis.js';
import { type Signer } from '../msp/signer.js';
import { NetworkError } from '../network-error.js';
import { type PeerNode } from '../peer-node.js';
import { readSigner } from '../read-signer.js';
import { type RunningChannel } from '../running-channel.js';
import { type Amendment, configure } from './configure.js';

/** A network that runs, as far as changes reach it. */
export interface ChangingNetwork {
  /** What it is to become. */
  readonly plan: NetworkPlan;
  readonly channels: readonly RunningChannel[];
  /** The peers that run. */
  readonly nodes: readonly PeerNode[];
  readonly nowMs: () => number;
  /** An organisation's authority, as it listens. */
  readonly authorityOf: (mspId: string) => CaListener;
  /** Opens what a member that was just admitted runs: its authority and peers. */
  readonly welcome: (member: PeerOrganisationPlan) => Promise<void>;
  /** Ends a peer and opens it with the keys that lie in its folder now. */
  readonly restart: (peer: string) => Promise<void>;
}

/**
 * Carries out one change. Each step looks whether it was done: the same command finishes what was cut off.
 * @throws NetworkError; ConfigError, BroadcastRefusal where the channel refuses; CaError for an unknown identity
 */
export async function carryOutChange(network: ChangingNetwork, change: NetworkChange): Promise<void> {
  switch (change.kind) {
    case 'organisation-added':
      return admit(network, memberOf(network, change.mspId));
    case 'peer-renewed':
      return renewPeer(network, change.peer);
    case 'authority-renewed':
      return renewAuthority(network, memberOf(network, change.mspId));
    case 'authority-retired':
      return retireAuthorities(network, memberOf(network, change.mspId));
    case 'identity-revoked':
      revokeMember(await network.authorityOf(change.mspId).desk(), change.identity);
      return publishRevocations(network, memberOf(network, change.mspId));
    case 'revocations-published':
      return publishRevocations(network, memberOf(network, change.mspId));
    case 'batch-changed':
      return changeBatch(network, change);
    default:
      throw new NetworkError('CHANGE_UNSUPPORTED', `${change.kind}: only with --engine fabric`);
  }
}

/** A majority of the members lets another one in; what it runs joins the channels that the plan puts it on. */
async function admit(network: ChangingNetwork, member: PeerOrganisationPlan): Promise<void> {
  const { plan, nowMs } = network;
  await ensureMaterial({ ...plan, orderingOrganisations: [plan.orderer] }, nowMs(), [member.mspId]);
  const anchorPeers = member.nodes.slice(0, 1).map(({ host, port }) => ({ host, port }));
  const group = organisationGroup({ ...readMspMaterial(member), anchorPeers });
  for (const { name, mspIds } of plan.channels) {
    const channel = network.channels.find((each) => each.plan.name === name);
    const members = channel?.delivery.source.channel.applicationMspIds ?? [];
    if (channel === undefined || !mspIds.includes(member.mspId) || members.includes(member.mspId)) continue;
    const [first, ...others] = members.map((mspId) => administratorOf(memberOf(network, mspId)));
    if (first === undefined) throw new Error(`channel ${name} has no member`);
    const edit: Amendment['edit'] = (root) => {
      addOrganisation(root, member.mspId, group);
    };
    await amend(network, channel, { edit, signers: [first, ...others] });
  }
  await network.welcome(member);
}

/** New keys of the same authority: the channel knows authorities, so nothing of it changes. */
async function renewPeer(network: ChangingNetwork, peer: string): Promise<void> {
  const { plan, nowMs } = network;
  const owner = plan.organisations.find(({ nodes }) => nodes.some(({ id }) => id === peer));
  const node = owner?.nodes.find(({ id }) => id === peer);
  if (owner === undefined || node === undefined) throw new NetworkError('PEER_UNKNOWN', `no peer ${peer}`);
  await network.authorityOf(owner.mspId).desk(); // So that the certificate of before stands in the registry.
  setMemberAside(owner, node);
  await ensureMaterial({ ...plan, orderingOrganisations: [plan.orderer] }, nowMs());
  await network.restart(peer);
  await network.authorityOf(owner.mspId).reload();
}

/**
 * Lets a new authority issue beside the one in use, and from now on alone: every member gets a certificate of it, which
 * counts from the next start of whoever uses it. What the old one issued stays valid until it is retired.
 */
async function renewAuthority(network: ChangingNetwork, member: PeerOrganisationPlan): Promise<void> {
  const { plan, nowMs } = network;
  const authority = network.authorityOf(member.mspId);
  await authority.desk(); // As in `renewPeer`.
  const certificatePem = await prepareAuthority(member, nowMs());
  await amendAll(network, member, (root) => {
    if (rootCertificates(root, member.mspId).includes(certificatePem)) return;
    addRootCertificate(root, member.mspId, certificatePem);
  });
  putInUse(member);
  await authority.reload();
  await ensureMaterial({ ...plan, orderingOrganisations: [plan.orderer] }, nowMs());
}

/** Takes away every authority but the one in use: whoever holds one of their certificates is refused. */
async function retireAuthorities(network: ChangingNetwork, member: PeerOrganisationPlan): Promise<void> {
  const current = readFileSync(member.ca.certificateFile, 'utf8');
  const old = network.nodes.filter(({ mspId }) => mspId === member.mspId).find((node) => !signsAsOnDisk(node));
  if (old !== undefined) {
    const reason = `${old.node.id} still signs with a certificate of an authority that is to go: restart the network first`;
    throw new NetworkError('AUTHORITY_IN_USE', reason);
  }
  await amendAll(network, member, (root) => {
    for (const each of rootCertificates(root, member.mspId)) {
      if (each !== current) removeRootCertificate(root, member.mspId, each);
    }
  });
}

async function publishRevocations(network: ChangingNetwork, member: PeerOrganisationPlan): Promise<void> {
  const lists = await revocationLists(await network.authorityOf(member.mspId).desk());
  await amendAll(network, member, (root) => {
    for (const list of lists) setRevocationList(root, member.mspId, Buffer.from(list));
  });
}

async function changeBatch(
  network: ChangingNetwork,
  { channel, rules }: Extract<NetworkChange, { kind: 'batch-changed' }>,
): Promise<void> {
  const found = network.channels.find(({ plan }) => plan.name === channel);
  if (found === undefined) throw new NetworkError('CHANNEL_UNKNOWN', `no channel ${channel} in this network`);
  const edit: Amendment['edit'] = (root) => {
    setBatchRules(root, rules);
  };
  await amend(network, found, { edit, signers: [administratorOf(network.plan.orderer)] });
}

/** Changes what a member decides alone, on every channel that it is on. */
async function amendAll(network: ChangingNetwork, member: OrganisationPlan, edit: Amendment['edit']): Promise<void> {
  for (const channel of network.channels) {
    if (!channel.delivery.source.channel.applicationMspIds.includes(member.mspId)) continue;
    await amend(network, channel, { edit, signers: [administratorOf(member)] });
  }
}

async function amend({ nowMs }: ChangingNetwork, channel: RunningChannel, amendment: Amendment): Promise<void> {
  const { delivery, orderer, plan } = channel;
  await configure(
    {
      name: plan.name,
      config: () => delivery.source.channel,
      everywhere: () => delivery.peers.map((peer) => peer.channel),
      broadcast: (envelope) => {
        orderer.broadcast(envelope);
      },
    },
    amendment,
    nowMs(),
  );
}

function memberOf({ plan }: ChangingNetwork, mspId: string): PeerOrganisationPlan {
  const member = plan.organisations.find((each) => each.mspId === mspId);
  if (member === undefined) throw new NetworkError('ORGANISATION_UNKNOWN', `no organisation ${mspId} in this network`);
  return member;
}

function administratorOf({ mspId, users }: OrganisationPlan): Signer {
  const administrator = users.find(({ role }) => role === 'admin');
  if (administrator === undefined) throw new Error(`${mspId} has no administrator`);
  return readSigner(mspId, administrator);
}

function signsAsOnDisk({ signer, node }: PeerNode): boolean {
  return Buffer.from(signer.identityBytes).includes(readFileSync(node.msp.certificateFile));
}
