import { Alert, Button, Form } from 'antd';
import { useState } from 'react';

import { useAct } from '../../api/use-act.js';
import { DropZone } from '../../desk/drop-zone.js';
import { shownName } from '../../desk/file-name.js';
import { newSalt } from '../../desk/salted.js';
import { sizeOf } from '../../ui/save.js';
import { fill, useWords } from '../../words/words.js';
import { DeclarationForm, type DeclarationValues, declaredOf } from './declaration-form.js';
import { type Desk, useQueueState } from './use-queue.js';

const WORDS = {
  title: { zh: '提交存证', en: 'Record evidence' },
  local: {
    zh: '文件在本机计算哈希值（SHA-256 与 SM3），内容和文件名都不离开本机。',
    en: 'Files are hashed here (SHA-256 and SM3); neither their content nor their names leave this machine.',
  },
  drop: { zh: '把文件拖到这里，或点击选择（可多选）', en: 'Drop files here, or choose them' },
  dropHint: { zh: '每份文件单独登记，各有回执', en: 'Each file is recorded by itself and has its own receipt' },
  chosen: { zh: '已选 {count} 份，共 {size}', en: 'Chosen: {count}, {size}' },
  more: { zh: '……另 {count} 份', en: '… and {count} more' },
  clear: { zh: '清空', en: 'Clear' },
  submit: { zh: '登记 {count} 份文件', en: 'Record the files ({count})' },
  none: { zh: '请先选择文件', en: 'Choose files first' },
} as const;

/** Names that are shown of what was chosen. */
const NAMES_SHOWN = 5;

/** Choose files, say what is known of them, have them recorded. */
export function SubmitPanel({ desk }: { readonly desk: Desk }) {
  const w = useWords(WORDS);
  const [form] = Form.useForm<DeclarationValues>();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [salt, setSalt] = useState(newSalt);
  const { running } = useQueueState(desk);
  const submit = useAct(async () => {
    const values = await form.validateFields().catch(() => undefined);
    if (values === undefined || files.length === 0) return;
    await desk.queue.add(files, declaredOf(values, salt));
    setFiles([]);
    // What was said of these files was not said of the next ones.
    form.resetFields();
    setSalt(newSalt());
    void desk.run();
  });
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <Alert className="block" type="info" showIcon title={w.local} />
      <DeclarationForm form={form} />
      <DropZone
        label={w.drop}
        hint={w.dropHint}
        onFiles={(added) => {
          setFiles((before) => [...before, ...added.filter((file) => !before.some((each) => isSame(each, file)))]);
        }}
      />
      {files.length > 0 && <Chosen files={files} />}
      <div className="desk-bar">
        <Button
          type="primary"
          size="large"
          loading={submit.running}
          disabled={files.length === 0}
          onClick={() => void submit.run()}
        >
          {files.length === 0 ? w.none : fill(w.submit, { count: files.length })}
        </Button>
        {files.length > 0 && !running && (
          <Button
            onClick={() => {
              setFiles([]);
            }}
          >
            {w.clear}
          </Button>
        )}
      </div>
    </section>
  );
}

function Chosen({ files }: { readonly files: readonly File[] }) {
  const w = useWords(WORDS);
  const size = sizeOf(files.reduce((sum, file) => sum + file.size, 0));
  return (
    <div className="block">
      <p>{fill(w.chosen, { count: files.length, size })}</p>
      <ul className="hint">
        {files.slice(0, NAMES_SHOWN).map((file, index) => (
          <li key={index}>{shownName(file.name)}</li>
        ))}
        {files.length > NAMES_SHOWN && <li>{fill(w.more, { count: files.length - NAMES_SHOWN })}</li>}
      </ul>
    </div>
  );
}

/** The same file chosen twice is one file. */
function isSame(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
}
