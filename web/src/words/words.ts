import { type Wording } from '../../../domain/wording.js';
import { useLanguage } from '../settings/language.js';

/** Words of one page or part, by key; Chinese is the normative one. Domain's own sentences are never written again here. */
export type Words = Readonly<Record<string, Wording>>;

/** The same keys in the language of the page. */
export type Said<Dictionary extends Words> = { readonly [Key in keyof Dictionary]: string };

/** A dictionary in the language that the reader chose: `const w = useWords(WORDS); w.title`. */
export function useWords<Dictionary extends Words>(words: Dictionary): Said<Dictionary> {
  const say = useSay();
  const said = Object.entries(words).map(([key, wording]) => [key, say(wording)]);
  return Object.fromEntries(said) as Said<Dictionary>;
}

/** One sentence in the language that the reader chose. */
export function useSay(): (wording: Wording) => string {
  const { language } = useLanguage();
  return (wording) => wording[language];
}

/** A name as a label begins, with a capital where the script has any: domain's English words are written as parts of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Puts values where a sentence says `{name}`. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
