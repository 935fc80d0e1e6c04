import { setTimeout as sleep } from 'node:timers/promises';

import { type TestNetwork } from '../support/network/test-network.js';

/**
 * One behaviour that every network which answers Fabric's protocols must show to an unmodified client. A scenario
 * leaves the network as usable as it found it, uses keys of its own, and does not depend on another one.
 */
export interface Scenario {
  /** A sentence of behaviour. */
  readonly title: string;
  readonly run: (network: TestNetwork) => Promise<void>;
}

/** Users whom the scenarios act as, one of each organisation of the default consortium. */
export const USERS = {
  ChongqingMSP: 'clerk@chongqing',
  ZhejiangMSP: 'notary@zhejiang',
  GuangdongMSP: 'officer@guangdong',
  BeijingMSP: 'officer@beijing',
} as const;

/** The error that a promise is rejected with. @throws {Error} where it is not rejected, or with something else */
export async function errorOf<Kind extends Error>(
  kind: abstract new (...args: never[]) => Kind,
  work: Promise<unknown>,
): Promise<Kind> {
  try {
    await work;
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error(`nothing was refused; wanted ${kind.name}`);
}

/** The next item of a stream of events. @throws {Error} after `withinMs` without one */
export async function nextOf<Item>(events: AsyncIterator<Item>, withinMs = 10_000): Promise<Item> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`no event within ${withinMs} ms`));
  }, withinMs);
  try {
    const next = await Promise.race([events.next(), promise]);
    if (next.done === true) throw new Error('the stream ended');
    return next.value;
  } finally {
    clearTimeout(timer);
  }
}

/** Times that something is sent to a listener whose stream may not have begun at the peer yet. */
const SENT_MAX = 20;

/** Sends until a listener has heard something. @returns all that was sent. */
export async function sendUntilHeard<Sent>(heard: Promise<unknown>, send: () => Promise<Sent>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const hasHeard = heard.then(() => true);
  do sent.push(await send());
  while (sent.length < SENT_MAX && !(await Promise.race([hasHeard, sleep(50, false)])));
  return sent;
}
