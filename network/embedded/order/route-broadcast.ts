import { peekEnvelopeChannelId } from '../wire/envelope.js';
import { type Orderer } from './orderer.js';

/** A channel, as far as it is ordered. */
interface Ordered {
  readonly orderer: Pick<Orderer, 'broadcast'>;
}

/**
 * Hands an envelope to the orderer of the channel that it names; one that names none, or one that is not ordered here,
 * is refused by the first of them. @param channels by name, at least one. @throws BroadcastRefusal
 */
export function routeBroadcast(channels: ReadonlyMap<string, Ordered>, envelope: Uint8Array): void {
  const [first] = channels.values();
  const channel = channels.get(peekEnvelopeChannelId(envelope)) ?? first;
  if (channel === undefined) throw new Error('one channel at least is ordered');
  channel.orderer.broadcast(envelope);
}
