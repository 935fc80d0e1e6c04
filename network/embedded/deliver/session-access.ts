import { type ChannelConfig } from '../config/channel-config.js';
import { mayRead } from '../gateway/access.js';
import { MspError } from '../msp/errors.js';
import { checkExpiry } from '../msp/identity.js';
import { type SignedMessage } from '../msp/registry.js';

/**
 * Whether one stream may go on: its sender's certificate has not expired, and the configuration in force still lets
 * the sender read. The signature is looked at again only when the configuration has changed.
 * Source: Fabric common/deliver/acl.go, SessionAccessControl.
 */
export class SessionAccess {
  readonly #signed: SignedMessage;
  #allowedUnder: bigint | undefined;

  /** @param signed the request by which the stream was asked for. */
  constructor(signed: SignedMessage) {
    this.#signed = signed;
  }

  isAllowed(channel: ChannelConfig, nowMs: number): boolean {
    if (isExpired(channel, this.#signed.identity, nowMs)) return false;
    if (this.#allowedUnder === channel.sequence) return true;
    if (!mayRead(channel, this.#signed)) return false;
    this.#allowedUnder = channel.sequence;
    return true;
  }
}

function isExpired(channel: ChannelConfig, identity: Uint8Array, nowMs: number): boolean {
  try {
    checkExpiry(channel.msps.deserialize(identity), nowMs);
    return false;
  } catch (cause) {
    if (!(cause instanceof MspError)) throw cause;
    return cause.code === 'CERT_EXPIRED';
  }
}
