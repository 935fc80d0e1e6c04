import { Alert, Button, Modal, Popconfirm, QRCode } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';

import { optional } from '../../../../domain/fields.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { Copyable } from '../../ui/copyable.js';
import { Facts } from '../../ui/facts.js';
import { saveFile } from '../../ui/save.js';
import { useFocusReturn } from '../../ui/use-focus-return.js';
import { useWords } from '../../words/words.js';
import { type ValuesFile, writeValuesFile } from '../licence/values-file.js';
import { type Delivery } from './delivery.js';
import { type Delivering } from './use-delivery.js';

const WORDS = {
  title: { zh: '办理结果', en: 'Outcome' },
  sending: { zh: '正在登记上链…', en: 'Being recorded…' },
  unclear: {
    zh: '没有得到答复：证照可能已经登记。请再试一次；同一请求只会办理一次。',
    en: 'No answer came: it may be recorded already. Try again; the same request is done once.',
  },
  again: { zh: '再试一次', en: 'Try again' },
  giveUp: { zh: '放弃', en: 'Give up' },
  giveUpSure: {
    zh: '放弃后盐值随之丢失；如果证照其实已登记，其内容将无法再证明。确定放弃？',
    en: 'The salts go with it: if it was recorded after all, nobody can show its content any more. Give up?',
  },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '不', en: 'No' },
  written: {
    zh: '已登记上链，照面内容已存入本机构的私有数据。',
    en: 'Recorded, and its content is kept by the own organisation.',
  },
  writtenBare: { zh: '已登记上链。', en: 'Recorded.' },
  keeping: { zh: '已登记上链，正在保存照面内容…', en: 'Recorded; its content is being kept…' },
  notKept: {
    zh: '已登记上链，但照面内容还没有存入本机构。请再试一次，离开前务必保存照面文件。',
    en: 'Recorded, but its content is not kept by the organisation yet. Try again, and save the file before you leave.',
  },
  id: { zh: '证照标识', en: 'Licence identifier' },
  tx: { zh: '交易', en: 'Transaction' },
  hand: {
    zh: '把照面文件交给持证人：他在“我的证照”扫描二维码或打开文件。文件含个人信息，交付后请从本机删除。',
    en: 'Hand the content to the holder, who scans the code or opens the file under “My licences”. It holds personal data: delete it here afterwards.',
  },
  save: { zh: '保存照面文件', en: 'Save the file' },
  show: { zh: '显示照面二维码', en: 'Show as a code' },
  code: { zh: '照面二维码', en: 'The content as a code' },
  scan: { zh: '持证人在“证照 → 我的证照”中扫描', en: 'The holder scans it under “Licence → My licences”' },
  open: { zh: '打开这张证照', en: 'Open this licence' },
  next: { zh: '办理下一件', en: 'The next one' },
  nextSure: {
    zh: '照面内容还没有存入本机构，离开后这里不再保留。确定？',
    en: 'Its content is not kept by the organisation, and is gone from here afterwards. Sure?',
  },
} as const;

/** Characters that still make a code which a camera reads from a screen. */
const QR_CHARS_MAX = 1_800;

/** An issue or new version under way: how far it came, what to do now, and what the holder gets. */
export function DeliveryCard({ delivering, onEnd }: { readonly delivering: Delivering; readonly onEnd?: () => void }) {
  const w = useWords(WORDS);
  const { delivery, act } = delivering;
  if (delivery === undefined) return null;
  const { written } = delivery;
  return (
    <section className="panel" aria-label={w.title} aria-live="polite" data-delivery={stageOf(delivery)}>
      <h2>{w.title}</h2>
      <Stage delivering={delivering} delivery={delivery} />
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
      {written !== undefined && (
        <>
          <Facts
            facts={[
              [w.id, <Copyable key="id" text={written.licenseId} what={w.id} />],
              [w.tx, <Copyable key="tx" text={written.txId} what={w.tx} />],
            ]}
          />
          <HandOver delivery={delivery} />
        </>
      )}
      <Doings delivering={delivering} delivery={delivery} onEnd={onEnd} />
    </section>
  );
}

/** What a test, or a person, sees at once. */
function stageOf({ written, kept }: Delivery): 'sent' | 'written' | 'kept' {
  if (written === undefined) return 'sent';
  return kept ? 'kept' : 'written';
}

interface Properties {
  readonly delivering: Delivering;
  readonly delivery: Delivery;
}

function Stage({ delivering: { act }, delivery: { written, kept, values } }: Properties) {
  const w = useWords(WORDS);
  if (written === undefined)
    return (
      <Alert
        className="block"
        type={act.running ? 'info' : 'warning'}
        showIcon
        title={act.running ? w.sending : w.unclear}
      />
    );
  if (kept) {
    const title = Object.keys(values).length === 0 ? w.writtenBare : w.written;
    return <Alert className="block" type="success" showIcon title={title} />;
  }
  return (
    <Alert
      className="block"
      type={act.running ? 'info' : 'warning'}
      showIcon
      title={act.running ? w.keeping : w.notKept}
    />
  );
}

function HandOver({ delivery: { written, values, holderKey } }: { readonly delivery: Delivery }) {
  const w = useWords(WORDS);
  if (written === undefined || Object.keys(values).length === 0) return null;
  return (
    <>
      <p className="hint">{w.hand}</p>
      <ValuesHandOver file={{ licenseId: written.licenseId, ...optional('holderKey', holderKey), values }} />
    </>
  );
}

/** What goes to the holder, as a file or as a code on this screen. */
export function ValuesHandOver({ file }: { readonly file: ValuesFile }) {
  const w = useWords(WORDS);
  const [showing, setShowing] = useState(false);
  const text = writeValuesFile(file);
  const short = text.length <= QR_CHARS_MAX;
  return (
    <div className="desk-bar">
      <Button
        onClick={() => {
          saveFile('licence-values.json', new Blob([text]), 'application/json');
        }}
      >
        {w.save}
      </Button>
      {short && (
        <Button
          onClick={() => {
            setShowing(true);
          }}
        >
          {w.show}
        </Button>
      )}
      {showing && (
        <CodeDialog
          text={text}
          onClose={() => {
            setShowing(false);
          }}
        />
      )}
    </div>
  );
}

function CodeDialog({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const w = useWords(WORDS);
  useFocusReturn();
  return (
    <Modal open title={w.code} footer={null} onCancel={onClose}>
      <p>{w.scan}</p>
      <div className="handed-code">
        <QRCode
          role="img"
          aria-label={w.code}
          value={text}
          size={300}
          type="svg"
          errorLevel="L"
          marginSize={4}
          color="#000"
          bgColor="#fff"
        />
      </div>
    </Modal>
  );
}

function Doings({ delivering, delivery, onEnd }: Properties & { readonly onEnd: (() => void) | undefined }) {
  const w = useWords(WORDS);
  const { act } = delivering;
  const { written, kept } = delivery;
  const end = (): void => {
    delivering.end();
    onEnd?.();
  };
  if (kept && written !== undefined) {
    return (
      <div className="desk-bar">
        <Button type="primary" onClick={end}>
          {w.next}
        </Button>
        <Link to={`/issuing/licence/${written.licenseId}`} onClick={delivering.end}>
          {w.open}
        </Link>
      </div>
    );
  }
  if (act.running) return null;
  return (
    <div className="desk-bar">
      <Button type="primary" onClick={() => void act.run(undefined)}>
        {w.again}
      </Button>
      <Popconfirm
        title={written === undefined ? w.giveUpSure : w.nextSure}
        okText={w.yes}
        cancelText={w.no}
        onConfirm={end}
      >
        <Button danger>{w.giveUp}</Button>
      </Popconfirm>
    </div>
  );
}
