import { type HolderKey } from '../../../../../domain/holder-key.js';
import { type SaltedValues } from '../../../../../domain/license-fields.js';
import { type LicenseId } from '../../../../../domain/license-id.js';
import { type GrantStatement } from '../../../../../domain/license-use.js';

/** A grant that was made here: what the chain does not tell the holder again. */
export interface KnownGrant {
  readonly id: string;
  readonly statement: GrantStatement;
  /** The purpose in the holder's words, and the salt of its digest on the chain. */
  readonly purpose: { readonly text: string; readonly salt: string };
}

/** One licence of whoever uses this browser. */
export interface HeldLicence {
  /** UUID of this entry. */
  readonly id: string;
  /** Signs, and cannot be taken out of the browser, not even by this page. */
  readonly privateKey: CryptoKey;
  readonly publicKey: HolderKey;
  /** Absent until the licence was issued for the key. */
  readonly licenseId?: LicenseId;
  /** What stands on its face, with salts; it stays in this browser until the holder shows it. */
  readonly values: SaltedValues;
  readonly grants: readonly KnownGrant[];
}

const DATABASE = 'yinzheng-holder';
const STORE = 'licences';

/** All licences of this browser. */
export function readLicences(): Promise<HeldLicence[]> {
  return run('readonly', (store) => store.getAll() as IDBRequest<HeldLicence[]>);
}

/** Keeps a licence; replaces the entry of the same id. */
export async function keepLicence(licence: HeldLicence): Promise<void> {
  await run('readwrite', (store) => store.put(licence));
  // Without this the browser may clear keys when its disk fills; where it refuses, the page still works.
  await navigator.storage.persist().catch(() => false);
}

/** Forgets a licence and destroys its key. */
export async function forgetLicence(id: string): Promise<void> {
  await run('readwrite', (store) => store.delete(id));
}

async function run<Value>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<Value>): Promise<Value> {
  const database = await open();
  try {
    const transaction = database.transaction(STORE, mode);
    const done = settled(act(transaction.objectStore(STORE)));
    const committed = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => {
        resolve();
      };
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('the transaction was given up'));
      };
    });
    const [value] = await Promise.all([done, committed]);
    return value;
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: 'id' });
  };
  return settled(request);
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('the browser refused its storage'));
    };
  });
}
