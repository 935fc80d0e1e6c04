import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

import { readStored, writeStored } from './stored.js';

const LANGUAGES = ['zh', 'en'] as const;
/** Chinese is what people get unless they chose English here before. */
export type Language = (typeof LANGUAGES)[number];

interface Choice {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const Context = createContext<Choice>({ language: 'zh', setLanguage: () => undefined });

/** Gives the pages their language, keeps the choice and tells screen readers. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => readStored('language', LANGUAGES) ?? 'zh');
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    writeStored('language', language);
  }, [language]);
  return <Context value={{ language, setLanguage }}>{children}</Context>;
}

/** The language in force, and how to change it. */
export function useLanguage(): Choice {
  return useContext(Context);
}
