import { useState } from 'react';

import { FileButton } from '../ui/file-button.js';
import { useWords } from '../words/words.js';
import { shownName } from './file-name.js';

const WORDS = {
  choose: { zh: '选择文件', en: 'Choose a file' },
  another: { zh: '换一个文件', en: 'Choose another' },
} as const;

interface Properties {
  /** Given by the form. */
  readonly id?: string;
  readonly onChange?: (file: File | undefined) => void;
}

/** One file in a form, chosen by a button in the page's own language. It is read on this machine alone. */
export function FileField({ id, onChange }: Properties) {
  const w = useWords(WORDS);
  const [name, setName] = useState<string>();
  return (
    <div className="row">
      <FileButton
        {...(id === undefined ? {} : { id })}
        label={name === undefined ? w.choose : w.another}
        onFiles={([file]) => {
          setName(file?.name);
          onChange?.(file);
        }}
      />
      {name !== undefined && <bdi className="file-name">{shownName(name)}</bdi>}
    </div>
  );
}
