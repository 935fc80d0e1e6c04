import { PictureOutlined, QrcodeOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';

import { ProblemAlert } from '../api/problem-alert.js';
import { useAct } from '../api/use-act.js';
import { FileButton } from '../ui/file-button.js';
import { useWords } from '../words/words.js';
import { decodeQr } from './decode.js';
import { hasCamera, ScanDialog } from './scan-dialog.js';

const WORDS = {
  noCode: { zh: '这张图片里没有找到二维码。', en: 'No QR code was found in this picture.' },
} as const;

interface Properties {
  /** What the two buttons are called. */
  readonly scan: string;
  readonly picture: string;
  /** Whether scanning is what people usually do here. */
  readonly main?: boolean;
  readonly disabled?: boolean;
  /** Told the text of a code, or `undefined` where a picture holds none, which is said here. */
  readonly onText: (text: string | undefined) => void;
}

/** The two ways in which a QR code comes in, camera and picture, for a `row`; what goes wrong with them stands below. */
export function CodeSources({ scan, picture, main = false, disabled = false, onText }: Properties) {
  const w = useWords(WORDS);
  const [scanning, setScanning] = useState(false);
  const [empty, setEmpty] = useState(false);
  const take = (text: string | undefined): void => {
    setScanning(false);
    setEmpty(text === undefined);
    onText(text);
  };
  const look = useAct(async (file: File) => {
    take(await decodeQr(file));
  });
  const close = (): void => {
    setScanning(false);
  };
  return (
    <>
      {hasCamera() && (
        <Button
          type={main ? 'primary' : 'default'}
          disabled={disabled}
          icon={<QrcodeOutlined aria-hidden />}
          onClick={() => {
            look.clear();
            setScanning(true);
          }}
        >
          {scan}
        </Button>
      )}
      <FileButton
        disabled={disabled}
        label={picture}
        icon={<PictureOutlined aria-hidden />}
        accept="image/*"
        onFiles={([file]) => void (file && look.run(file))}
      />
      {look.problem !== undefined && <ProblemAlert error={look.problem} />}
      {empty && look.problem === undefined && <Alert role="alert" type="warning" showIcon title={w.noCode} />}
      {scanning && <ScanDialog onText={take} onClose={close} />}
    </>
  );
}
