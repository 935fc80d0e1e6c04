import { useEffect, useRef, useState } from 'react';

import { FileUnreadable, hashFile } from '../../hashing/hash-file.js';
import { type KnownTrust } from '../../trust/verifier.js';
import { type Asked, type AskedFile, readFragment, type ReadText } from './asked.js';

/** Files larger than this are nobody's receipt or trust root: they are hashed without a look inside. */
const LOOK_BYTES_MAX = 16_777_216;
const RECEIPT_NAME = /\.yz$/i;

/** What is asked, and how that changes. */
export interface Asking {
  readonly asked: Asked;
  readonly takeFiles: (files: readonly File[]) => Promise<void>;
  readonly takeText: (read: NonNullable<ReadText>) => void;
  readonly setAsOf: (day: Asked['asOf']) => void;
  readonly remove: (what: keyof Asked) => void;
  readonly restart: () => void;
  /** Asks how the record of the receipt stands now: leaves the receipt and keeps the file. */
  readonly askNow: (id: NonNullable<Asked['id']>) => void;
  /** Asks about another record and nothing else: what was given is not of it. */
  readonly askOther: (id: NonNullable<Asked['id']>) => void;
}

/** The question that the page is about. @param setTrust where a trust root goes that somebody drops */
export function useAsked(setTrust: (trust: KnownTrust) => void): Asking {
  const [asked, setAsked] = useState<Asked>(fromAddress);
  const hashing = useRef<AbortController>(undefined);
  useEffect(() => {
    const onHash = (): void => {
      const next = fromAddress();
      if (next.receipt !== undefined) setAsked(next);
    };
    addEventListener('hashchange', onHash);
    return () => {
      removeEventListener('hashchange', onHash);
      hashing.current?.abort();
    };
  }, []);
  const stopHashing = (): AbortController => {
    hashing.current?.abort();
    hashing.current = new AbortController();
    return hashing.current;
  };
  const takeFiles = async (files: readonly File[]): Promise<void> => {
    for (const file of files) {
      const what = await recognise(file);
      if (what === 'file') await takeFile(file, stopHashing().signal, setAsked);
      else if ('root' in what) setTrust(what);
      else setAsked((before) => ({ ...without(before, 'id', 'digest', 'transaction'), ...what }));
    }
  };
  return {
    asked,
    takeFiles,
    takeText: (read) => {
      setAsked((before) => join(before, read));
    },
    setAsOf: (asOf) => {
      setAsked((before) => ({ ...without(before, 'asOf'), ...(asOf !== undefined && { asOf }) }));
    },
    remove: (what) => {
      if (what === 'file') stopHashing();
      setAsked((before) => without(before, what));
    },
    restart: () => {
      stopHashing();
      setAsked({});
    },
    askOther: (id) => {
      stopHashing();
      setAsked({ id });
    },
    askNow: (id) => {
      setAsked((before) => ({ ...without(before, 'receipt', 'transaction'), id }));
    },
  };
}

function without(asked: Asked, ...names: readonly (keyof Asked)[]): Asked {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => !names.includes(name as keyof Asked)));
}

/** A receipt says which record it is about; a typed digest stands for a file; an id or a transaction goes along with one. */
function join(before: Asked, read: NonNullable<ReadText>): Asked {
  if ('wants' in read) return before;
  if ('receipt' in read) return { ...without(before, 'id', 'digest', 'transaction'), ...read };
  const other: readonly (keyof Asked)[] =
    'digest' in read ? ['receipt', 'file', 'id', 'transaction'] : ['receipt', 'digest', 'id', 'transaction'];
  return { ...without(before, ...other), ...read };
}

async function takeFile(
  file: File,
  signal: AbortSignal,
  setAsked: (change: (before: Asked) => Asked) => void,
): Promise<void> {
  const { name, size } = file;
  const set = (more: Partial<AskedFile>): void => {
    if (signal.aborted) return;
    setAsked((before) => ({ ...without(before, 'digest'), file: { name, size, share: 0, ...more } }));
  };
  set({});
  const onProgress = (share: number): void => {
    set({ share });
  };
  try {
    set({ share: 1, digests: await hashFile(file, { signal, onProgress }) });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof FileUnreadable)) throw error;
    set({ unreadable: true });
  }
}

/** A certificate's code leads here with the compact receipt in the fragment, which the gateway never sees. */
function fromAddress(): Asked {
  const bytes = readFragment(location.hash);
  return bytes === undefined ? {} : { receipt: { bytes, from: 'address' } };
}

/**
 * What a file is, by its content. One that is named as a receipt is one, however damaged: of a receipt that cannot be
 * read people must hear that, and not that nobody recorded it.
 */
async function recognise(file: File): Promise<'file' | Pick<Required<Asked>, 'receipt'> | KnownTrust> {
  const bytes = file.size > LOOK_BYTES_MAX ? undefined : await readWhole(file);
  if (bytes === undefined) return 'file';
  const { isReceipt, readTrust } = await import('../../trust/verifier.js');
  if (RECEIPT_NAME.test(file.name) || (await isReceipt(bytes)))
    return { receipt: { bytes, from: 'file', name: file.name } };
  return readTrust(bytes) ?? 'file';
}

async function readWhole(file: File): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return undefined; // Hashing will say that it cannot be read.
  }
}
