import { PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';

import { useWords } from '../words/words.js';

const WORDS = { print: { zh: '打印', en: 'Print' } } as const;

/** Prints the page as it stands; the button itself is not on the paper. */
export function PrintButton() {
  const w = useWords(WORDS);
  return (
    <Button
      className="no-print"
      icon={<PrinterOutlined aria-hidden />}
      onClick={() => {
        print();
      }}
    >
      {w.print}
    </Button>
  );
}
