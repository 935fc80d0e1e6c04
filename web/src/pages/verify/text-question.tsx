import { Button, Input, Radio } from 'antd';
import { type SyntheticEvent, useState } from 'react';

import { type HashAlgorithm } from '../../../../domain/digests.js';
import { ALGORITHM_NAMES } from '../../../../domain/wording.js';
import { useWords } from '../../words/words.js';
import { readText, type ReadText } from './asked.js';
import { WORDS } from './words.js';

/** An id or a digest, typed or pasted. The algorithm is asked for only where the length leaves it open. */
export function TextQuestion({ onText }: { readonly onText: (read: NonNullable<ReadText>) => void }) {
  const w = useWords(WORDS);
  const [text, setText] = useState('');
  const [algorithm, setAlgorithm] = useState<HashAlgorithm>();
  const [tried, setTried] = useState(false);
  const read = readText(text, algorithm);
  const choice = readText(text, undefined);
  const algorithms = choice !== undefined && 'wants' in choice ? choice.algorithms : [];
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
        {algorithms.length > 0 && (
          <fieldset className="plain">
            <legend className={tried && algorithm === undefined ? 'field-error' : 'hint'}>{w.algorithmWhy}</legend>
            <Radio.Group
              aria-label={w.algorithm}
              value={algorithm}
              options={algorithms.map((name) => ({ value: name, label: ALGORITHM_NAMES[name] }))}
              onChange={(event) => {
                setAlgorithm(event.target.value as HashAlgorithm);
              }}
            />
          </fieldset>
        )}
      </div>
    </form>
  );
}
