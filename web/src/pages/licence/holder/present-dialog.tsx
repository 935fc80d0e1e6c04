import { Button, Modal, QRCode, Spin } from 'antd';
import { useCallback, useEffect, useState } from 'react';

import { saveFile } from '../../../ui/save.js';
import { useFocusReturn } from '../../../ui/use-focus-return.js';
import { fill, useWords } from '../../../words/words.js';
import { type Issued } from './held-card.js';
import { makeCode } from './holder-calls.js';
import { type KnownGrant } from './key-store.js';
import { WORDS } from './words.js';

/** Characters that still make a code which a camera reads from a screen. */
const QR_CHARS_MAX = 1_800;
const TICK_MS = 250;

interface Properties {
  readonly licence: Issued;
  readonly grant: KnownGrant;
  readonly onClose: () => void;
}

/** 亮证码: one use, two minutes, counted down; nothing is sent for it. */
export function PresentDialog({ licence, grant, onClose }: Properties) {
  const w = useWords(WORDS);
  useFocusReturn();
  const [code, setCode] = useState<Awaited<ReturnType<typeof makeCode>>>();
  const make = useCallback(() => makeCode(licence, grant, Date.now()), [licence, grant]);
  useEffect(() => {
    let gone = false;
    void make().then((made) => {
      if (!gone) setCode(made);
    });
    return () => {
      gone = true;
    };
  }, [make]);
  return (
    <Modal open title={w.codeTitle} footer={null} onCancel={onClose}>
      {code === undefined ? (
        <Spin className="waiting" />
      ) : (
        <Code
          key={code.untilMs}
          text={JSON.stringify(code.handed)}
          untilMs={code.untilMs}
          onAgain={() => void make().then(setCode)}
        />
      )}
    </Modal>
  );
}

interface CodeProperties {
  readonly text: string;
  readonly untilMs: number;
  readonly onAgain: () => void;
}

function Code({ text, untilMs, onAgain }: CodeProperties) {
  const w = useWords(WORDS);
  const leftS = useSecondsUntil(untilMs);
  const good = leftS > 0;
  return (
    <div className="code">
      {good && text.length <= QR_CHARS_MAX && (
        <QRCode value={text} size={300} type="svg" errorLevel="L" marginSize={4} color="#000" bgColor="#fff" />
      )}
      {good && text.length > QR_CHARS_MAX && <p>{w.codeLong}</p>}
      <p className="countdown" role="timer">
        {good ? fill(w.left, { seconds: leftS }) : w.expired}
      </p>
      <p className="hint">{w.codeHint}</p>
      <div className="row center">
        <Button type={good ? 'default' : 'primary'} onClick={onAgain}>
          {w.again}
        </Button>
        {good && (
          <Button
            onClick={() => {
              saveFile('presentation.json', new Blob([text], { type: 'application/json' }));
            }}
          >
            {w.saveCode}
          </Button>
        )}
      </div>
    </div>
  );
}

function useSecondsUntil(untilMs: number): number {
  const secondsLeft = (): number => Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000));
  const [left, setLeft] = useState(secondsLeft);
  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000)));
    }, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [untilMs]);
  return left;
}
