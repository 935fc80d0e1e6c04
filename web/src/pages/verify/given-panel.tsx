import { CloseOutlined } from '@ant-design/icons';
import { Alert, Button, Input, Progress } from 'antd';
import { type ReactNode, useState } from 'react';

import { dayAt } from '../../../../domain/calendar.js';
import { ALGORITHM_NAMES } from '../../../../domain/wording.js';
import { shownName } from '../../desk/file-name.js';
import { Copyable } from '../../ui/copyable.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { readDay } from '../../ui/read-day.js';
import { sizeOf } from '../../ui/save.js';
import { fill, useWords } from '../../words/words.js';
import { type Asked, type AskedFile } from './asked.js';
import { WORDS } from './words.js';

interface Properties {
  readonly asked: Asked;
  readonly onRemove: (what: keyof Asked) => void;
  readonly onAsOf: (day: Asked['asOf']) => void;
  readonly onRestart: () => void;
}

/** What is being asked about, each part to be taken away again. */
export function GivenPanel({ asked, onRemove, onAsOf, onRestart }: Properties) {
  const w = useWords(WORDS);
  const [today] = useState(() => dayAt(Date.now()));
  const { file, receipt, id, digest, transaction } = asked;
  const rows: [keyof Asked, string, ReactNode][] = [];
  if (file !== undefined) rows.push(['file', w.file, <FileRow key="file" file={file} />]);
  if (receipt !== undefined) {
    const from = { file: shownName(receipt.name ?? ''), code: w.fromCode, address: w.fromAddress }[receipt.from];
    rows.push(['receipt', w.receipt, `${from} · ${sizeOf(receipt.bytes.length)}`]);
  }
  if (id !== undefined) rows.push(['id', w.id, <Copyable key="id" text={id} what={w.id} />]);
  if (transaction !== undefined) {
    rows.push(['transaction', w.transaction, <Copyable key="tx" text={transaction} what={w.transaction} />]);
  }
  if (digest !== undefined) {
    const name = ALGORITHM_NAMES[digest.algorithm];
    rows.push(['digest', name, <Copyable key="digest" text={digest.digest} what={name} />]);
  }
  const facts = rows.map(([what, name, value]): Fact => [
    name,
    <div key={what} className="row between">
      <div className="grow">{value}</div>
      <Button
        className="no-print"
        type="text"
        size="small"
        aria-label={fill(w.remove, { what: name })}
        icon={<CloseOutlined />}
        onClick={() => {
          onRemove(what);
        }}
      />
    </div>,
  ]);
  return (
    <section className="panel" aria-labelledby="given">
      <div className="row between">
        <h2 id="given">{w.given}</h2>
        <Button className="no-print" onClick={onRestart}>
          {w.restart}
        </Button>
      </div>
      <Facts facts={facts} />
      {/* On paper an empty field asks for something that nobody can give. */}
      <label className={asked.asOf === undefined ? 'as-of no-print' : 'as-of'}>
        {w.asOf}
        <Input
          type="date"
          max={today}
          value={asked.asOf ?? ''}
          onChange={(event) => {
            onAsOf(readDay(event.target.value));
          }}
        />
      </label>
    </section>
  );
}

function FileRow({ file }: { readonly file: AskedFile }) {
  const w = useWords(WORDS);
  const { digests } = file;
  return (
    <>
      <div className="file-name">
        {shownName(file.name)} · {sizeOf(file.size)}
      </div>
      {file.unreadable === true && <Alert role="alert" type="error" showIcon title={w.unreadable} />}
      {digests === undefined && file.unreadable === undefined && (
        <div role="status">
          <Progress percent={Math.floor(file.share * 100)} aria-label={w.hashing} />
          <span className="hint">{w.hashing}</span>
        </div>
      )}
      {digests !== undefined && (
        <div className="digests">
          {(['sha-256', 'sm3'] as const).map((name) => (
            <div key={name}>
              <span className="hint">{ALGORITHM_NAMES[name]}</span>{' '}
              <Copyable text={digests[name]} what={ALGORITHM_NAMES[name]} />
            </div>
          ))}
        </div>
      )}
    </>
  );
}
