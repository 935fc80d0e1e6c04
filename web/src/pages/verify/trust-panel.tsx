import { Alert, Button, Skeleton } from 'antd';
import { useState } from 'react';

import { ProblemAlert } from '../../api/problem-alert.js';
import { type TrustChoice } from '../../trust/use-trust.js';
import { Copyable } from '../../ui/copyable.js';
import { Facts } from '../../ui/facts.js';
import { FileButton } from '../../ui/file-button.js';
import { saveFile } from '../../ui/save.js';
import { useWords } from '../../words/words.js';
import { WORDS } from './words.js';

/** Whose signatures count: the trust root in force, its fingerprints, and how to use another one. */
export function TrustPanel({ choice, show }: { readonly choice: TrustChoice; readonly show: () => void }) {
  const w = useWords(WORDS);
  const { trust, from, loading, error, retry } = choice;
  return (
    <section className="panel" aria-labelledby="trust">
      <h2 id="trust">{w.trust}</h2>
      <p>{from === 'file' ? w.trustOwn : w.trustGateway}</p>
      {loading && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      {error !== null && <ProblemAlert error={error} retry={retry} />}
      {trust !== undefined && (
        <Facts
          facts={[
            ['SHA-256', <Copyable key="sha" text={trust.fingerprints['sha-256']} what="SHA-256" />],
            ['SM3', <Copyable key="sm3" text={trust.fingerprints.sm3} what="SM3" />],
          ]}
        />
      )}
      <Choices choice={choice} show={show} />
    </section>
  );
}

function Choices({ choice, show }: { readonly choice: TrustChoice; readonly show: () => void }) {
  const w = useWords(WORDS);
  const { trust, from, asked, setOwn } = choice;
  const [strange, setStrange] = useState(false);
  const load = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const { readTrust } = await import('../../trust/verifier.js');
    const known = readTrust(new Uint8Array(await file.arrayBuffer()));
    setStrange(known === undefined);
    if (known !== undefined) setOwn(known);
  };
  return (
    <>
      {strange && <Alert className="block" role="alert" type="warning" showIcon title={w.trustStrange} />}
      <div className="row no-print">
        {!asked && <Button onClick={show}>{w.trustShow}</Button>}
        <FileButton label={w.trustLoad} accept="application/json,.json" onFiles={([file]) => void load(file)} />
        {from === 'file' && (
          <Button
            onClick={() => {
              setOwn(undefined);
            }}
          >
            {w.trustBack}
          </Button>
        )}
        {trust !== undefined && (
          <Button
            onClick={() => {
              saveFile('trust-root.json', trust.bytes, 'application/json');
            }}
          >
            {w.trustSave}
          </Button>
        )}
      </div>
    </>
  );
}
