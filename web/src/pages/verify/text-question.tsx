import { Button, Input, Radio } from 'antd';
import { type SyntheticEvent, useState } from 'react';

import { ALGORITHM_NAMES } from '../../../../domain/wording.js';
import { useWords } from '../../words/words.js';
import { type Meaning, readText, type ReadText } from './asked.js';
import { WORDS } from './words.js';

/** An id, a digest or a transaction, typed or pasted. Which it is is asked for only where the length leaves it open. */
export function TextQuestion({ onText }: { readonly onText: (read: NonNullable<ReadText>) => void }) {
  const w = useWords(WORDS);
  const [text, setText] = useState('');
  const [meaning, setMeaning] = useState<Meaning>();
  const [tried, setTried] = useState(false);
  const read = readText(text, meaning);
  const choice = readText(text, undefined);
  const meanings = choice !== undefined && 'wants' in choice ? choice.meanings : [];
  const strange = tried && text.trim() !== '' && read === undefined;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (read !== undefined && !('wants' in read)) onText(read);
  };
  return (
    <form className="text-question" onSubmit={submit}>
      <label htmlFor="question">{w.type}</label>
      <div className="row">
        <Input
          id="question"
          className="mono grow"
          value={text}
          placeholder={w.typeHint}
          autoComplete="off"
          spellCheck={false}
          status={strange ? 'error' : ''}
          aria-describedby="question-help"
          onChange={(event) => {
            setText(event.target.value);
            setTried(false);
          }}
        />
        <Button htmlType="submit" type="primary" disabled={text.trim() === ''}>
          {w.check}
        </Button>
      </div>
      <div id="question-help" aria-live="polite">
        {strange && <p className="field-error">{w.strangeText}</p>}
        {meanings.length > 0 && (
          <fieldset className="plain">
            <legend className={tried && meaning === undefined ? 'field-error' : 'hint'}>{w.meaningWhy}</legend>
            <Radio.Group
              aria-label={w.meaning}
              value={meaning}
              options={meanings.map((name) => ({
                value: name,
                label: name === 'transaction' ? w.transaction : ALGORITHM_NAMES[name],
              }))}
              onChange={(event) => {
                setMeaning(event.target.value as Meaning);
              }}
            />
          </fieldset>
        )}
      </div>
    </form>
  );
}
