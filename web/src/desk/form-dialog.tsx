import { Form, type FormInstance, Modal } from 'antd';
import { type ReactNode } from 'react';

import { type Act } from '../api/use-act.js';
import { ProblemAlert } from '../api/problem-alert.js';
import { useFocusReturn } from '../ui/use-focus-return.js';
import { useErrorsInLanguage } from './use-errors-in-language.js';

interface Properties<Values> {
  readonly title: string;
  readonly confirm: string;
  readonly act: Act<Values>;
  readonly onClose: () => void;
  readonly danger?: boolean;
  readonly initial?: Partial<Values>;
  /** Where a part of the form fills another one in. */
  readonly form?: FormInstance<Values>;
  readonly children: ReactNode;
}

/** A form in a dialog: validated, sent once, closed when it is done; a refusal stands in it, with what was entered. */
export function FormDialog<Values extends object>({
  title,
  confirm,
  act,
  onClose,
  danger,
  initial,
  form: given,
  children,
}: Properties<Values>) {
  const [form] = Form.useForm<Values>(given);
  useFocusReturn();
  useErrorsInLanguage(form);
  return (
    <Modal
      open
      title={title}
      okText={confirm}
      okButtonProps={{ loading: act.running, ...(danger === true ? { danger } : {}) }}
      onOk={form.submit}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
      <Form
        form={form}
        layout="vertical"
        {...(initial === undefined ? {} : { initialValues: initial })}
        onFinish={(values: Values) => void act.run(values)}
      >
        {children}
      </Form>
    </Modal>
  );
}
