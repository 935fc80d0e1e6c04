import { Alert } from 'antd';
import { useState } from 'react';

import { licenseKeyOf, readLicenseParts } from '../../../../../domain/license-id.js';
import { TextSources } from '../../../qr/text-sources.js';
import { useWords } from '../../../words/words.js';
import { readValuesFile, VALUES_CHARS_MAX, type ValuesFile } from '../values-file.js';
import { type HeldLicence } from './key-store.js';
import { WORDS } from './words.js';

interface Properties {
  readonly all: readonly HeldLicence[];
  readonly keep: (licence: HeldLicence) => Promise<void>;
}

/** Takes what the authority hands over once a licence was issued, or has a new version, for a key of this browser. */
export function TakeValues({ all, keep }: Properties) {
  const w = useWords(WORDS);
  const [outcome, setOutcome] = useState<'none' | 'strangeValues' | 'otherKey' | 'taken'>('none');
  const take = async (text: string | undefined): Promise<void> => {
    const file = text === undefined ? undefined : readValuesFile(text);
    if (file === undefined) {
      setOutcome(text === undefined ? 'none' : 'strangeValues'); // A picture without a code says so itself.
      return;
    }
    const mine = all.find((licence) => isOf(licence, file));
    if (mine !== undefined) await keep({ ...mine, licenseId: file.licenseId, values: file.values });
    setOutcome(mine === undefined ? 'otherKey' : 'taken');
  };
  return (
    <section className="panel" aria-label={w.take}>
      <h2>{w.take}</h2>
      <p className="hint">{w.takeHint}</p>
      <TextSources
        labels={{ scan: w.takeScan, picture: w.takePicture, file: w.takeFile }}
        bytesMax={VALUES_CHARS_MAX}
        accept=".json,application/json"
        onText={(text) => void take(text)}
      />
      {outcome !== 'none' && (
        <Alert
          className="block"
          role="alert"
          type={outcome === 'taken' ? 'success' : 'warning'}
          showIcon
          title={w[outcome]}
        />
      )}
    </section>
  );
}

/** By the key, or by the licence: a new version goes on with the key that the licence has. */
function isOf({ publicKey, licenseId }: HeldLicence, file: ValuesFile): boolean {
  const keyOf = (id: string): string => licenseKeyOf(readLicenseParts(id, { legacy: true }));
  return publicKey === file.holderKey || (licenseId !== undefined && keyOf(licenseId) === keyOf(file.licenseId));
}
