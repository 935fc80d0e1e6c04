import { Button, type ButtonProps } from 'antd';
import { type ChangeEvent, useRef } from 'react';

interface Properties extends Pick<ButtonProps, 'icon' | 'type' | 'disabled'> {
  readonly label: string;
  /** Of the button, where a form names it. */
  readonly id?: string;
  /** As the attribute of the same name. */
  readonly accept?: string;
  readonly multiple?: boolean;
  /** Told what was chosen, at least one file. */
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button that lets people choose files. */
export function FileButton({ label, id, accept, multiple = false, onFiles, ...button }: Properties) {
  const input = useRef<HTMLInputElement>(null);
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>): void => {
    const chosen = [...(currentTarget.files ?? [])];
    currentTarget.value = ''; // So that choosing the same file again counts.
    if (chosen.length > 0) onFiles(chosen);
  };
  return (
    <>
      <Button {...button} {...(id === undefined ? {} : { id })} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        accept={accept}
        multiple={multiple}
        aria-label={label}
        tabIndex={-1}
        onChange={choose}
      />
    </>
  );
}
