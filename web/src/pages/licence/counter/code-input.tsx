import { Alert, Button, Input } from 'antd';
import { useState } from 'react';

import { TextSources } from '../../../qr/text-sources.js';
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
      <TextSources
        labels={w}
        bytesMax={HANDED_CHARS_MAX}
        accept=".json,application/json"
        disabled={running}
        main
        onText={take}
      />
      <Typed running={running} onText={take} />
      {strange && <Alert role="alert" type="warning" showIcon title={w.strange} />}
    </>
  );
}

interface TypedProperties {
  readonly running: boolean;
  readonly onText: (text: string) => void;
}

function Typed({ running, onText }: TypedProperties) {
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
