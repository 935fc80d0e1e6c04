import { Button, QRCode } from 'antd';

import { type HolderKey } from '../../../../../domain/holder-key.js';
import { saveFile } from '../../../ui/save.js';
import { useWords } from '../../../words/words.js';
import { WORDS } from './words.js';

/** The public half of a key as the authority takes it: a code to scan, and a file. */
export function PublicKey({ publicKey }: { readonly publicKey: HolderKey }) {
  const w = useWords(WORDS);
  return (
    <div className="row block public-key">
      <QRCode
        role="img"
        aria-label={w.keyCode}
        value={publicKey}
        size={168}
        type="svg"
        errorLevel="L"
        marginSize={2}
        color="#000"
        bgColor="#fff"
      />
      <Button
        onClick={() => {
          saveFile('holder-public-key.txt', new Blob([publicKey]), 'text/plain');
        }}
      >
        {w.saveKey}
      </Button>
    </div>
  );
}
