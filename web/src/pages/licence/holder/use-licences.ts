import { useEffect, useState } from 'react';

import { forgetLicence, type HeldLicence, keepLicence, readLicences } from './key-store.js';

/** The licences of this browser. */
export interface Licences {
  /** `undefined` while they are read. */
  readonly all: readonly HeldLicence[] | undefined;
  /** Whether the browser refuses to keep anything. */
  readonly refused: boolean;
  readonly keep: (licence: HeldLicence) => Promise<void>;
  readonly forget: (id: string) => Promise<void>;
}

/** Reads and changes what this browser keeps; what is shown is what was written. */
export function useLicences(): Licences {
  const [all, setAll] = useState<readonly HeldLicence[]>();
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    readLicences().then(setAll, () => {
      setAll([]);
      setRefused(true);
    });
  }, []);
  const change = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
      setAll(await readLicences());
    } catch {
      setRefused(true);
    }
  };
  return {
    all,
    refused,
    keep: (licence) => change(() => keepLicence(licence)),
    forget: (id) => change(() => forgetLicence(id)),
  };
}
