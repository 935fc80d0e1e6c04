import { type FormInstance } from 'antd';
import { useEffect, useRef } from 'react';

import { useLanguage } from '../settings/language.js';

/** Says what is wrong with a form anew when its reader chooses the other language: the library keeps the old sentences. */
export function useErrorsInLanguage<Values>(form: FormInstance<Values>): void {
  const { language } = useLanguage();
  const said = useRef(language);
  useEffect(() => {
    if (said.current === language) return;
    said.current = language;
    const wrong = form.getFieldsError().filter(({ errors }) => errors.length > 0);
    if (wrong.length > 0) void form.validateFields(wrong.map(({ name }) => name)).catch(() => undefined);
  }, [form, language]);
}
