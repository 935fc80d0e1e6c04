import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import { type QueuedFile } from './queued-file.js';

interface Desk extends DBSchema {
  readonly files: { readonly key: string; readonly value: QueuedFile; readonly indexes: { readonly user: string } };
}

/** Where the desk's files are kept over a reload, a crash or a lost connection. */
export interface QueueStore {
  readonly load: (user: string) => Promise<readonly QueuedFile[]>;
  readonly put: (files: readonly QueuedFile[]) => Promise<void>;
  readonly remove: (requestIds: readonly string[]) => Promise<void>;
}

/** Opens this browser's own database. @throws {DOMException} where the browser keeps nothing, as in some private windows */
export async function openQueueStore(): Promise<QueueStore> {
  const database: IDBPDatabase<Desk> = await openDB<Desk>('yinzheng-desk', 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore('files', { keyPath: 'requestId' }).createIndex('user', 'user');
    },
  });
  return {
    load: async (user) => {
      const files = await database.getAllFromIndex('files', 'user', user);
      return files.sort((a, b) => a.order - b.order);
    },
    put: async (files) => {
      const { store, done } = database.transaction('files', 'readwrite', { durability: 'strict' });
      await Promise.all([...files.map((file) => store.put(file)), done]);
    },
    remove: async (requestIds) => {
      const { store, done } = database.transaction('files', 'readwrite');
      await Promise.all([...requestIds.map((id) => store.delete(id)), done]);
    },
  };
}
