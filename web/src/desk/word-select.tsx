import { Select } from 'antd';

import { type Wording } from '../../../domain/wording.js';
import { useSay } from '../words/words.js';

interface Properties<Word extends string> {
  readonly words: readonly Word[];
  readonly wording: Readonly<Record<Word, Wording>>;
  /** Given by the form. */
  readonly id?: string;
  readonly value?: Word;
  readonly onChange?: (word: Word | undefined) => void;
  readonly placeholder?: string;
  readonly clearable?: boolean;
}

/** One word of a closed list, in the reader's language; nothing is chosen that nobody chose. */
export function WordSelect<Word extends string>({ words, wording, clearable = false, ...more }: Properties<Word>) {
  const say = useSay();
  const options = words.map((value) => ({ value, label: say(wording[value]) }));
  return <Select<Word> options={options} allowClear={clearable} {...more} />;
}
