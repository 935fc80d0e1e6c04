import { Button, Form, Input } from 'antd';

import { useErrorsInLanguage } from './use-errors-in-language.js';

interface Properties {
  readonly label: string;
  readonly confirm: string;
  /** What is said of a text that does not fit. */
  readonly wrong: string;
  readonly fits: (text: string) => boolean;
  readonly maxLength: number;
  /** What stands in it at first. */
  readonly initial?: string;
  readonly onFind: (text: string) => void;
}

/** One number or identifier, and what it names is opened. */
export function FindForm({ label, confirm, wrong, fits, maxLength, initial = '', onFind }: Properties) {
  const [form] = Form.useForm<{ id: string }>();
  useErrorsInLanguage(form);
  const check = (_: unknown, text: string = ''): Promise<void> =>
    fits(text.trim()) ? Promise.resolve() : Promise.reject(new Error(wrong));
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ id: initial }}
      onFinish={({ id }: { readonly id: string }) => {
        onFind(id.trim());
      }}
    >
      <Form.Item name="id" label={label} rules={[{ required: true, validator: check }]}>
        <Input className="mono" autoComplete="off" spellCheck={false} maxLength={maxLength} />
      </Form.Item>
      <Button type="primary" htmlType="submit">
        {confirm}
      </Button>
    </Form>
  );
}
