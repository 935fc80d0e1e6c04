import { type Wording } from '../../../domain/wording.js';
import { useSay } from './words.js';

/** Names of fields that types and items usually have; others are shown as their type or item calls them. */
export const FIELD_NAMES: Readonly<Record<string, Wording>> = {
  certificateNumber: { zh: '证照编号', en: 'certificate number' },
  holderName: { zh: '持证主体', en: 'holder' },
  holderNumber: { zh: '持证人证件号码', en: "holder's identity number" },
  legalRepresentative: { zh: '法定代表人', en: 'legal representative' },
  creditCode: { zh: '统一社会信用代码', en: 'unified social credit code' },
  address: { zh: '住所', en: 'address' },
  businessScope: { zh: '经营范围', en: 'business scope' },
  status: { zh: '状态', en: 'status' },
  validUntil: { zh: '有效期至', en: 'valid until' },
  licenceNumber: { zh: '证照号码', en: 'licence number' },
  birthDate: { zh: '出生日期', en: 'date of birth' },
};

/** What a field is called in the reader's language. */
export function useFieldName(): (name: string) => string {
  const say = useSay();
  // A name is an authority's own word, and `constructor` is nothing that this list has.
  return (name) => say((Object.hasOwn(FIELD_NAMES, name) ? FIELD_NAMES[name] : undefined) ?? { zh: name, en: name });
}
