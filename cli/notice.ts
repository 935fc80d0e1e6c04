import { ONE_MACHINE_FABRIC_NOTICE, ONE_MACHINE_NOTICE, type Wording } from '../domain/wording.js';
import { engineOf } from '../network/manager/plan-file.js';
import { wrap } from './text.js';

/** What is said beside the network of a data folder: which programs run there, and what that does not prove. */
export function noticeOf(root: string): Wording {
  return engineOf(root) === 'fabric' ? ONE_MACHINE_FABRIC_NOTICE : ONE_MACHINE_NOTICE;
}

/** The same as lines of text, in both languages. */
export function noticeLines(root: string): string[] {
  const { zh, en } = noticeOf(root);
  return [wrap(zh), wrap(en)];
}
