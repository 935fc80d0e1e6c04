import { type ChannelConfig } from '../config/channel-config.js';
import { type Identity } from '../msp/identity.js';
import { satisfies } from '../msp/principal.js';
import { SystemRefusal } from './system-chaincode.js';

/** Policies that guard what the peer's own chaincodes do on a channel. */
export const CHANNEL_READERS = '/Channel/Application/Readers';
export const CHANNEL_WRITERS = '/Channel/Application/Writers';

/** Who may do what concerns the peer itself, of its own organisation only. */
export type LocalRole = 'Admins' | 'Members';

/**
 * Why a caller does not satisfy a policy of a channel, in Fabric's words; `undefined` where it does.
 * @param channel `undefined` for a channel that this peer has not joined.
 * Source: Fabric core/policy/policy.go, CheckPolicyBySignedData.
 */
export function channelRefusal(
  channel: ChannelConfig | undefined,
  channelId: string,
  policyPath: string,
  creators: readonly Identity[],
): string | undefined {
  if (channel === undefined) return `Failed to get policy manager for channel [${channelId}]`;
  const policy = channel.policy(policyPath);
  if (policy.isSatisfiedBy(creators)) return undefined;
  return (
    `Failed evaluating policy on signed data during check policy on channel [${channelId}] with policy ` +
    `[${policyPath}]: [${policy.refusal(creators)}]`
  );
}

/**
 * Why a caller is not the peer's own organisation's administrator or member, in Fabric's words.
 * Source: Fabric core/policy/policy.go, CheckPolicyNoChannel; msp/mspimpl.go, DeserializeIdentity and hasOURoleInternal.
 */
export function localRefusal(localMspId: string, role: LocalRole, creator: Identity): string | undefined {
  const during = `during channelless check policy with policy [${role}]`;
  if (creator.mspId !== localMspId) {
    return `Failed deserializing proposal creator ${during}: [expected MSP ID ${localMspId}, received ${creator.mspId}]`;
  }
  const wanted = { kind: 'role', mspId: localMspId, role: role === 'Admins' ? 'admin' : 'member' } as const;
  if (satisfies(creator, wanted)) return undefined;
  return `Failed verifying that proposal's creator satisfies local MSP principal ${during}: [The identity is not an admin under this MSP [${localMspId}]: The identity does not contain OU [ADMIN], MSP: [${localMspId}]]`;
}

/** @throws SystemRefusal with `before` in front, where there is a reason to refuse */
export function refuseFor(reason: string | undefined, text: (reason: string) => string): void {
  if (reason !== undefined) throw new SystemRefusal(text(reason));
}
