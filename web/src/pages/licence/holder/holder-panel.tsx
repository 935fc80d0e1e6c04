import { Alert, Button, Spin } from 'antd';
import { useState } from 'react';

import { FileButton } from '../../../ui/file-button.js';
import { useWords } from '../../../words/words.js';
import { createLicence, importLicence } from './holder-key.js';
import { HeldCard } from './held-card.js';
import { TakeValues } from './take-values.js';
import { useLicences } from './use-licences.js';
import { WORDS } from './words.js';

/** The holder's side: keys, grants, codes and the trail, all in this browser. */
export function HolderPanel() {
  const w = useWords(WORDS);
  const licences = useLicences();
  const [strange, setStrange] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const licence = await importLicence(await file.text());
    setStrange(licence === undefined);
    if (licence !== undefined) await licences.keep(licence);
  };
  return (
    <>
      <p>{w.intro}</p>
      <div className="row block">
        <Button type="primary" onClick={() => void createLicence().then(licences.keep)}>
          {w.make}
        </Button>
        <FileButton label={w.import} accept="application/json,.json" onFiles={([file]) => void take(file)} />
        <span className="hint">{w.importHint}</span>
      </div>
      {strange && <Alert className="block" role="alert" type="warning" showIcon title={w.importStrange} />}
      {licences.refused && <Alert className="block" role="alert" type="error" showIcon title={w.storage} />}
      {licences.all === undefined && <Spin className="waiting" />}
      {licences.all !== undefined && licences.all.length > 0 && <TakeValues all={licences.all} keep={licences.keep} />}
      {licences.all?.length === 0 && <p className="hint">{w.none}</p>}
      {licences.all?.map((licence) => (
        <HeldCard key={licence.id} licence={licence} keep={licences.keep} forget={licences.forget} />
      ))}
    </>
  );
}
