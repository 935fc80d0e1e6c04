import { type Wording } from '../../../../domain/wording.js';

/** Types of numbers that the form offers, by their three digits. */
export const NUMBER_TYPES: Readonly<Record<string, Wording>> = {
  '001': { zh: '001 统一社会信用代码', en: '001 unified social credit code' },
  '111': { zh: '111 公民身份号码', en: '111 resident identity number' },
};
