import { FileTextOutlined } from '@ant-design/icons';
import { Alert, Button, Input } from 'antd';
import { useState } from 'react';

import { CodeSources } from '../../../qr/code-sources.js';
import { FileButton } from '../../../ui/file-button.js';
import { useWords } from '../../../words/words.js';
import { type Handed } from '../holder/holder-calls.js';
import { HANDED_CHARS_MAX, readHanded } from './handed.js';
import { WORDS } from './words.js';

interface Properties {
  readonly running: boolean;
  readonly onHanded: (handed: Handed) => void;
}

/** The ways in which a holder's code comes to the counter: camera, picture, file, or a hand scanner that types. */
export function CodeInput({ running, onHanded }: Properties) {
  const w = useWords(WORDS);
  const [strange, setStrange] = useState(false);
  const take = (text: string | undefined): void => {
    const handed = text === undefined ? undefined : readHanded(text);
    setStrange(text !== undefined && handed === undefined);
    if (handed !== undefined) onHanded(handed);
  };
  return (
    <>
      <Sources running={running} onText={take} />
      <Typed running={running} onText={take} />
      {strange && <Alert role="alert" type="warning" showIcon title={w.strange} />}
    </>
  );
}

interface SourceProperties {
  readonly running: boolean;
  /** Told the text of a code, `undefined` where a picture holds none. */
  readonly onText: (text: string | undefined) => void;
}

function Sources({ running, onText }: SourceProperties) {
  const w = useWords(WORDS);
  return (
    <div className="row">
      <CodeSources main disabled={running} scan={w.scan} picture={w.picture} onText={onText} />
      <FileButton
        disabled={running}
        label={w.file}
        icon={<FileTextOutlined aria-hidden />}
        accept=".json,application/json"
        onFiles={([file]) => void (file && readText(file).then(onText))}
      />
    </div>
  );
}

function Typed({ running, onText }: SourceProperties) {
  const w = useWords(WORDS);
  const [typed, setTyped] = useState('');
  return (
    <form
      className="counter-typed"
      onSubmit={(event) => {
        event.preventDefault();
        setTyped('');
        onText(typed);
      }}
    >
      <label htmlFor="code-text">{w.typed}</label>
      <div className="row">
        <Input
          id="code-text"
          className="mono grow"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => {
            setTyped(target.value);
          }}
        />
        <Button htmlType="submit" loading={running} disabled={typed.trim() === ''}>
          {w.check}
        </Button>
      </div>
    </form>
  );
}

/** A file that is too large or cannot be read is no holder's file. */
async function readText(file: File): Promise<string> {
  if (file.size > HANDED_CHARS_MAX) return '';
  try {
    return await file.text();
  } catch {
    return '';
  }
}
