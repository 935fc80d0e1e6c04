import { Button } from 'antd';

import { saveFile } from '../../ui/save.js';
import { useWords } from '../../words/words.js';
import { WORDS } from './words.js';

const OWN_WORDS = {
  hash: {
    zh: '自己计算文件的哈希值，与登记值逐字比对：',
    en: "Compute the file's digests yourself and compare them with the registered ones, digit by digit:",
  },
  keep: {
    zh: '保存这份回执和信任根。断开网络，在任何一台电脑上用离线核验页打开它们：',
    en: 'Save this receipt and the trust root. With the network off, open them in the offline page on any computer:',
  },
  saveReceipt: { zh: '保存回执（.yz）', en: 'Save the receipt (.yz)' },
  saveTrust: { zh: '保存信任根', en: 'Save the trust root' },
  savePage: { zh: '下载离线核验页', en: 'Get the offline page' },
  command: { zh: '或用命令行，得到同样的结论：', en: 'Or on the command line, with the same result:' },
  openssl: {
    zh: '不信任本项目的程序？用 openssl 重做关键三步：项目文档 docs/verify-by-hand.md。',
    en: 'Not trusting this project’s programs? Redo the three steps that carry it with openssl: docs/verify-by-hand.md.',
  },
} as const;

interface Properties {
  readonly receipt: Uint8Array<ArrayBuffer> | undefined;
  readonly trustBytes: Uint8Array<ArrayBuffer> | undefined;
}

/** How anyone repeats this without this page, and without this gateway. */
export function ByHand({ receipt, trustBytes }: Properties) {
  const w = useWords({ ...WORDS, ...OWN_WORDS });
  return (
    <section className="panel" aria-labelledby="by-hand">
      <h2 id="by-hand">{w.byHand}</h2>
      <ol className="by-hand">
        <li>
          {w.hash}
          <pre className="mono">{'sha256sum FILE\nopenssl dgst -sm3 FILE'}</pre>
        </li>
        <li>
          {w.keep}
          <div className="row no-print">
            {receipt !== undefined && (
              <Button
                onClick={() => {
                  saveFile('receipt.yz', receipt);
                }}
              >
                {w.saveReceipt}
              </Button>
            )}
            {trustBytes !== undefined && (
              <Button
                onClick={() => {
                  saveFile('trust-root.json', trustBytes, 'application/json');
                }}
              >
                {w.saveTrust}
              </Button>
            )}
            <Button href="/verify.html" download="yinzheng-verify.html">
              {w.savePage}
            </Button>
          </div>
        </li>
        <li>
          {w.command}
          <pre className="mono">yinzheng verify receipt.yz --trust trust-root.json --file FILE</pre>
        </li>
        <li>{w.openssl}</li>
      </ol>
    </section>
  );
}
