import { join } from 'node:path';

import { type FabricPeerPlan, type FabricPlan, firstPeers, type OrdererPlan } from '../../plan/fabric-plan.js';
import { type ChaincodePlan, type OrganisationPlan } from '../../plan/plan.js';
import { channelProfile } from '../channel-config.js';
import { adminOf } from '../channel.js';
import { definitionFlags } from '../lifecycle.js';
import { fabricFolder, hostFolder, type HostPlan, type HostsPlan } from './host-plan.js';
import { authorityIn } from './keys-script.js';

/** Where a host keeps the chaincode packages of its bundle. */
export function packageFileOf({ name }: Pick<ChaincodePlan, 'name'>): string {
  return join(hostFolder, 'chaincode', `${name}.tar.gz`);
}

/**
 * A shell script for one host, in the order of its verbs: `genesis` (one host alone) makes the channel's first block,
 * `join` takes this host's orderers and peers into the channel, `approve` installs and approves the chaincodes for this
 * organisation, `commit` (one host alone) puts them in force. Needs what `keys.sh` has put in its place.
 */
export function formatChannelScript(host: HostPlan, { network }: HostsPlan): string {
  const { channel, channelFolder, genesisFile, chaincodes } = network;
  const [peer] = host.peers;
  if (peer === undefined) throw new RangeError('a host has a peer');
  const genesis = ['-configPath', channelFolder, '-profile', channelProfile, '-channelID', channel.name];
  return [
    '#!/bin/sh',
    `# Channel ${channel.name} on the host of ${host.organisation.mspId}.`,
    'set -eu',
    'umask 077',
    ...environmentOf(host.organisation),
    'peer() { FABRIC_CFG_PATH=$1; export FABRIC_CFG_PATH; shift; ' + `${join(fabricFolder, 'bin', 'peer')} "$@"; }`,
    'case "${1:-}" in',
    'genesis)',
    `  mkdir -p ${join(genesisFile, '..')}`,
    `  ${call([join(fabricFolder, 'bin', 'configtxgen'), ...genesis, '-outputBlock', genesisFile])}`,
    `  sha256sum ${genesisFile}`,
    '  ;;',
    'join)',
    ...host.orderers.map((orderer) => `  ${joinOrderer(host, orderer, network)}`),
    ...host.peers.map((each) => `  ${peerCall(each, ['channel', 'join', '-b', genesisFile])}`),
    '  ;;',
    'approve)',
    ...chaincodes.flatMap((chaincode) => approvalOf(host, peer, chaincode, network).map((line) => `  ${line}`)),
    '  ;;',
    'commit)',
    ...chaincodes.map((chaincode) => `  ${commitOf(peer, chaincode, network)}`),
    '  ;;',
    '*) echo "usage: channel.sh genesis | join | approve | commit" >&2; exit 64 ;;',
    'esac',
    '',
  ].join('\n');
}

function environmentOf(organisation: OrganisationPlan): string[] {
  const msp = join(adminOf(organisation).folder, 'msp');
  return [`export CORE_PEER_MSPCONFIGPATH=${msp} FABRIC_LOGGING_SPEC=error`];
}

function joinOrderer({ ordering }: HostPlan, { adminAddress, tls }: OrdererPlan, network: FabricPlan): string {
  const admin = adminOf(ordering);
  return call([
    ...[join(fabricFolder, 'bin', 'osnadmin'), 'channel', 'join', '--channelID', network.channel.name],
    ...['--config-block', network.genesisFile, '-o', adminAddress, '--ca-file', tls.caFile],
    ...['--client-cert', admin.tls.certificateFile, '--client-key', admin.tls.privateKeyFile],
  ]);
}

function approvalOf(host: HostPlan, peer: FabricPeerPlan, chaincode: ChaincodePlan, network: FabricPlan): string[] {
  const install = ['lifecycle', 'chaincode', 'install', packageFileOf(chaincode)];
  return [
    ...host.peers.map((each) => peerCall(each, install)),
    peerCall(peer, [
      ...['lifecycle', 'chaincode', 'approveformyorg', ...ordererOf(host, network)],
      ...[...definitionFlags(network, chaincode), '--package-id', chaincode.packageId],
    ]),
  ];
}

function commitOf(peer: FabricPeerPlan, chaincode: ChaincodePlan, network: FabricPlan): string {
  const endorsers = firstPeers(network).flatMap(({ mspId, address }) => {
    const owner = network.organisations.find((each) => each.mspId === mspId);
    return owner === undefined ? [] : ['--peerAddresses', address, '--tlsRootCertFiles', authorityIn(owner).tlsCa];
  });
  return peerCall(peer, [
    ...['lifecycle', 'chaincode', 'commit', ...ordererOf(undefined, network)],
    ...[...definitionFlags(network, chaincode), ...endorsers],
  ]);
}

/** The host's own orderer, or the first of the network. */
function ordererOf(host: HostPlan | undefined, { orderers, orderingOrganisations }: FabricPlan): string[] {
  const [orderer] = [...(host?.orderers ?? []), ...orderers];
  const owner = orderingOrganisations.find(({ mspId }) => mspId === orderer?.mspId);
  if (orderer === undefined || owner === undefined) throw new RangeError('a network has an orderer');
  return ['-o', orderer.address, '--tls', '--cafile', authorityIn(owner).tlsCa];
}

function peerCall({ configFolder }: FabricPeerPlan, words: readonly string[]): string {
  return call(['peer', configFolder, ...words]);
}

/** Words of a command for a shell; policies hold quotes and brackets. */
function call(words: readonly string[]): string {
  return words.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
