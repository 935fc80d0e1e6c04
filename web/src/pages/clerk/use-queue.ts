import { useEffect, useRef, useState, useSyncExternalStore } from 'react';

import { optional } from '../../../../domain/fields.js';
import { type RecordWritten, type Verification } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { isOwnUnit } from '../../desk/own-unit.js';
import { type Session, useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { openQueueStore } from './queue-store.js';
import { registrationOf } from './queued-file.js';
import { type QueueState, type Sender, SubmissionQueue } from './submission-queue.js';

/** The desk's queue in a window: one for each user, so that it goes on while other pages are looked at. */
const queues = new Map<string, Promise<SubmissionQueue>>();

function queueOf(user: string): Promise<SubmissionQueue> {
  const found = queues.get(user);
  if (found !== undefined) return found;
  const opened = openQueueStore().then(async (store) => new SubmissionQueue(store, user, await store.load(user)));
  queues.set(user, opened);
  return opened;
}

/** The queue of whoever is signed in, once it is read from this browser's store. */
export interface Desk {
  readonly queue: SubmissionQueue;
  readonly run: () => Promise<void>;
}

/** @returns `undefined` while the store is being read. */
export function useDesk(who: Who): Desk | 'no-store' | undefined {
  const session = useSession();
  const [queue, setQueue] = useState<SubmissionQueue | 'no-store'>();
  const current = useRef(session);
  useEffect(() => {
    current.current = session;
  });
  useEffect(() => {
    let open = true;
    queueOf(who.user).then(
      (found) => {
        if (open) setQueue(found);
      },
      () => {
        if (open) setQueue('no-store');
      },
    );
    return () => {
      open = false;
    };
  }, [who.user]);
  if (queue === undefined || queue === 'no-store') return queue;
  return { queue, run: () => queue.run(senderOf(() => current.current, who)) };
}

/** How the queue stands, drawn again with every change. */
export function useQueueState({ queue }: Desk): QueueState {
  return useSyncExternalStore(queue.subscribe, queue.state);
}

function senderOf(session: () => Session, who: Who): Sender {
  return {
    find: async ({ digests }) => {
      const query = { alg: 'sha-256', digest: digests?.['sha-256'] };
      // Anyone may ask, but who is signed in is not counted together with everybody behind the office's address.
      const { records } = await session().json<Verification>({ path: '/v1/verify', query });
      const own = records.find(({ registeredBy }) => isOwnUnit(registeredBy, who));
      return own && { id: own.id, txId: own.txId, blockNumber: own.blockNumber };
    },
    write: async (file) => {
      if (file.digests === undefined) throw new Error('a file is sent once it is hashed');
      const call = { method: 'POST', path: pathOf('evidence'), idempotencyKey: file.requestId } as const;
      const body = registrationOf(file.digests, file.claimedAt, file.declared);
      const { record, txId, blockNumber, receipt } = await session().json<RecordWritten>({ ...call, body });
      return { id: record.id, txId, blockNumber, ...optional('receipt', receipt ?? undefined) };
    },
  };
}
