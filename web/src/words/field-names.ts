import { type Wording } from '../../../domain/wording.js';
import { useSay } from './words.js';

/** Names of face fields that types usually have; others are shown as their type calls them. */
export const FIELD_NAMES: Readonly<Record<string, Wording>> = {
  certificateNumber: { zh: '证照编号', en: 'certificate number' },
  holderName: { zh: '持证主体', en: 'holder' },
  holderNumber: { zh: '持证人证件号码', en: "holder's identity number" },
  legalRepresentative: { zh: '法定代表人', en: 'legal representative' },
  creditCode: { zh: '统一社会信用代码', en: 'unified social credit code' },
  address: { zh: '住所', en: 'address' },
  businessScope: { zh: '经营范围', en: 'business scope' },
  birthDate: { zh: '出生日期', en: 'date of birth' },
};

/** What a face field is called in the reader's language. */
export function useFieldName(): (name: string) => string {
  const say = useSay();
  // A name is an authority's own word, and `constructor` is nothing that this list has.
  return (name) => say((Object.hasOwn(FIELD_NAMES, name) ? FIELD_NAMES[name] : undefined) ?? { zh: name, en: name });
}
