import { type ChangeEventHandler } from 'react';

interface Properties {
  /** Given by the form. */
  readonly id?: string;
  readonly onChange?: (file: File | undefined) => void;
}

/** One file in a form. It is read on this machine alone. */
export function FileField({ id, onChange }: Properties) {
  const change: ChangeEventHandler<HTMLInputElement> = ({ currentTarget }) => onChange?.(currentTarget.files?.[0]);
  return <input type="file" id={id} onChange={change} />;
}
