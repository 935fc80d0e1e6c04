import { Button, Input, Popconfirm } from 'antd';
import { type SyntheticEvent, useState } from 'react';
import { Link } from 'react-router';

import { type LicenseId } from '../../../../../domain/license-id.js';
import { Copyable } from '../../../ui/copyable.js';
import { type Fact, Facts } from '../../../ui/facts.js';
import { useFieldName } from '../../../words/field-names.js';
import { useWords } from '../../../words/words.js';
import { readLicenceId } from '../licence-status.js';
import { WORDS as PAGE_WORDS } from '../words.js';
import { GrantForm } from './grant-form.js';
import { Grants } from './grants.js';
import { type HeldLicence } from './key-store.js';
import { PublicKey } from './public-key.js';
import { Renewal } from './renewal.js';
import { Trail } from './trail.js';
import { WORDS } from './words.js';

interface Properties {
  readonly licence: HeldLicence;
  readonly keep: (licence: HeldLicence) => Promise<void>;
  readonly forget: (id: string) => Promise<void>;
}

/** A licence that was issued for a key of this browser. */
export type Issued = HeldLicence & { readonly licenseId: LicenseId };

/** One licence of this browser and everything that its holder does with it. */
export function HeldCard({ licence, keep, forget }: Properties) {
  const w = useWords({ ...WORDS, ...PAGE_WORDS });
  const { licenseId } = licence;
  return (
    <article className="panel" data-licence={licenseId ?? ''}>
      <Face licence={licence} />
      {licenseId === undefined ? (
        <>
          <p>{w.giveKey}</p>
          <PublicKey publicKey={licence.publicKey} />
          <IdForm
            onId={(id) => {
              void keep({ ...licence, licenseId: id });
            }}
          />
        </>
      ) : (
        <Doings licence={{ ...licence, licenseId }} keep={keep} />
      )}
      <Popconfirm
        title={w.forgetSure}
        okText={w.yes}
        okButtonProps={{ danger: true }}
        cancelText={w.no}
        onConfirm={() => void forget(licence.id)}
      >
        <Button danger>{w.forget}</Button>
      </Popconfirm>
    </article>
  );
}

function Face({ licence }: { readonly licence: HeldLicence }) {
  const w = useWords({ ...WORDS, ...PAGE_WORDS });
  const nameOf = useFieldName();
  const { licenseId, publicKey, values } = licence;
  const names = Object.keys(values);
  const facts: Fact[] = [];
  if (licenseId !== undefined) {
    const address = `/licence?id=${encodeURIComponent(licenseId)}`;
    facts.push([
      w.id,
      <>
        <span className="mono">{licenseId}</span> <Link to={address}>{w.lookUp}</Link>
      </>,
    ]);
  }
  facts.push([w.publicKey, <Copyable key="key" text={publicKey} what={w.publicKey} />]);
  for (const name of names) facts.push([nameOf(name), values[name]?.value]);
  return (
    <>
      <Facts facts={facts} />
      {licenseId !== undefined && names.length === 0 && <p className="hint">{w.noValues}</p>}
    </>
  );
}

function IdForm({ onId }: { readonly onId: (id: LicenseId) => void }) {
  const w = useWords({ ...WORDS, ...PAGE_WORDS });
  const [text, setText] = useState('');
  const [strange, setStrange] = useState(false);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const id = readLicenceId(text);
    setStrange(id === undefined);
    if (id !== undefined) onId(id);
  };
  return (
    <form className="block" onSubmit={submit}>
      <p>{w.orId}</p>
      <div className="row">
        <Input
          className="mono grow"
          value={text}
          aria-label={w.id}
          aria-invalid={strange}
          placeholder={w.idHint}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
        <Button htmlType="submit">{w.keepId}</Button>
      </div>
      {strange && (
        <p className="field-error" role="alert">
          {w.idStrange}
        </p>
      )}
    </form>
  );
}

function Doings({ licence, keep }: { readonly licence: Issued; readonly keep: Properties['keep'] }) {
  return (
    <>
      <Grants licence={licence} />
      <GrantForm licence={licence} onGranted={(grant) => keep({ ...licence, grants: [...licence.grants, grant] })} />
      <Trail licence={licence} />
      <Renewal licence={licence} />
    </>
  );
}
