import { FileSearchOutlined } from '@ant-design/icons';
import { Alert } from 'antd';
import { type DragEvent, useState } from 'react';

import { CodeSources } from '../../qr/code-sources.js';
import { FileButton } from '../../ui/file-button.js';
import { useWords } from '../../words/words.js';
import { readText, type ReadText } from './asked.js';
import { TextQuestion } from './text-question.js';
import { WORDS } from './words.js';

interface Properties {
  /** Files as they were dropped or chosen, at least one. */
  readonly onFiles: (files: readonly File[]) => void;
  /** What was typed or scanned, once it is something. */
  readonly onText: (read: NonNullable<ReadText>) => void;
}

/** Where a question begins: drop, choose, scan, upload a picture, or type. */
export function InputPanel({ onFiles, onText }: Properties) {
  const w = useWords(WORDS);
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
  };
  return (
    <section className="panel ask no-print" aria-label={w.title}>
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => {
          setOver(false);
        }}
        onDrop={onDrop}
      >
        <FileSearchOutlined className="drop-icon" aria-hidden />
        <p className="drop-title">{w.drop}</p>
        <p className="hint">{w.dropMore}</p>
        <Sources onFiles={onFiles} onText={onText} />
      </div>
      <TextQuestion onText={onText} />
    </section>
  );
}

function Sources({ onFiles, onText }: Properties) {
  const w = useWords(WORDS);
  const [strange, setStrange] = useState(false);
  const takeCode = (text: string | undefined): void => {
    const read = text === undefined ? undefined : readText(text, undefined);
    setStrange(text !== undefined && read === undefined);
    if (read !== undefined) onText(read);
  };
  return (
    <>
      <div className="row center">
        <FileButton label={w.choose} type="primary" multiple onFiles={onFiles} />
        <CodeSources scan={w.scan} picture={w.picture} onText={takeCode} />
      </div>
      {strange && <Alert role="alert" type="warning" showIcon title={w.strangeCode} />}
    </>
  );
}
