import { FileTextOutlined } from '@ant-design/icons';

import { FileButton } from '../ui/file-button.js';
import { CodeSources } from './code-sources.js';

interface Properties {
  readonly labels: { readonly scan: string; readonly picture: string; readonly file: string };
  /** Longest text that a file may hold, bytes; a longer one, and one that cannot be read, counts as empty. */
  readonly bytesMax: number;
  /** As the attribute of the same name, of the file. */
  readonly accept?: string;
  readonly disabled?: boolean;
  /** Whether the camera is what most people would use here. */
  readonly main?: boolean;
  /** Told the text of a code or file, `undefined` where a picture holds no code. */
  readonly onText: (text: string | undefined) => void;
}

/** The ways in which a text comes from somebody's other device: the camera, a picture of a QR code, a file. */
export function TextSources({ labels, bytesMax, accept, disabled = false, main = false, onText }: Properties) {
  return (
    <div className="row">
      <CodeSources main={main} disabled={disabled} scan={labels.scan} picture={labels.picture} onText={onText} />
      <FileButton
        disabled={disabled}
        label={labels.file}
        icon={<FileTextOutlined aria-hidden />}
        {...(accept === undefined ? {} : { accept })}
        onFiles={([file]) => void (file && readText(file, bytesMax).then(onText))}
      />
    </div>
  );
}

async function readText(file: File, bytesMax: number): Promise<string> {
  if (file.size > bytesMax) return '';
  try {
    return await file.text();
  } catch {
    return '';
  }
}
