import { join } from 'node:path';

import { ConfigError } from '../config-error.js';
import { type GatewayConfig } from '../config.js';
import { Wallet } from '../identity/wallet.js';
import { Connection, openChannel } from '../ledger/connection.js';
import { type PeerAddresses, readProfile } from '../ledger/profile.js';
import { checkChannel } from './channel-checks.js';
import { type Finding, ill, well } from './finding.js';
import { checkIdentity } from './identity-checks.js';
import { checkPeer } from './peer-checks.js';

/** Looks at everything that a gateway of this configuration needs, in the order in which it is mended. */
export async function diagnose(config: GatewayConfig, nowMs: () => number): Promise<Finding[]> {
  const { serviceUser, users, mspId } = config;
  const identity = checkIdentity(serviceUser, join(users, serviceUser, 'msp'), mspId, nowMs());
  const profile = readPeers(config);
  if ('finding' in profile) return [profile.finding, ...identity];
  const { home, others } = profile.peers;
  const homeFindings = await checkPeer(home, nowMs());
  const otherFindings = (await Promise.all(others.map((peer) => checkPeer(peer, nowMs())))).flat();
  const signs = !identity.some(({ check, health }) => check === 'key' && health === 'broken');
  const connection = new Connection(openChannel(home), new Wallet(users, mspId));
  try {
    const channel = await checkChannel({
      config,
      connection,
      wallet: new Wallet(users, mspId),
      peer: home.name,
      reached: signs && homeFindings.every(({ health }) => health !== 'broken'),
      nowMs,
    });
    // Another organisation's peer that is away is no fault of this gateway.
    const away = otherFindings.map((each) =>
      each.health === 'broken' ? { ...each, health: 'warning' as const } : each,
    );
    return [profile.summary, ...identity, ...homeFindings, ...away, ...channel];
  } finally {
    connection.close();
  }
}

function readPeers({
  connectionProfile,
  mspId,
}: GatewayConfig): { readonly finding: Finding } | { readonly peers: PeerAddresses; readonly summary: Finding } {
  try {
    const peers = readProfile(connectionProfile, mspId);
    const count = peers.others.length + 1;
    const summary = well(
      'profile',
      mspId,
      `${count} 个节点，本机构的是 ${peers.home.name}`,
      `${count} peers, ${peers.home.name} is home`,
    );
    return { peers, summary };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const found = { zh: `连接配置应有 ${error.wanted}`, en: `the profile should have ${error.wanted}` };
    const mend = { zh: `改正 ${error.path}`, en: `mend ${error.path}` };
    return { finding: ill('profile', mspId, found, mend) };
  }
}
