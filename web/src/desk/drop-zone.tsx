import { InboxOutlined } from '@ant-design/icons';
import { useId, useState } from 'react';

import './desk.css';

interface Properties {
  readonly label: string;
  readonly hint: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly disabled?: boolean;
}

/** Where many files are dropped or chosen; by keyboard too, because it is an ordinary file input. */
export function DropZone({ label, hint, onFiles, disabled = false }: Properties) {
  const id = useId();
  const [over, setOver] = useState(false);
  return (
    <label
      className={over ? 'drop-zone over' : 'drop-zone'}
      htmlFor={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!disabled) onFiles([...event.dataTransfer.files]);
      }}
    >
      <input
        id={id}
        type="file"
        multiple
        disabled={disabled}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <InboxOutlined aria-hidden />
      <span className="drop-label">{label}</span>
      <span className="hint">{hint}</span>
    </label>
  );
}
