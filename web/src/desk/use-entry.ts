import { useRef, useState } from 'react';

import { canonicalJson } from '../../../domain/canonical-json.js';
import { type AnyAnswer, type Sent } from '../../../gateway/openapi/operation.js';
import { Problem } from '../api/problem.js';
import { type Act, useAct } from '../api/use-act.js';
import { useSession } from '../session/session.js';
import { newRequestId } from './random.js';
import { newSalt, saltFile, saltText, type Salted } from './salted.js';

/** What a form makes of its values: where it is sent, what, and the salted digest that goes along. */
export type Entry<Answer> = Sent<Answer> & { readonly salted?: Salted };

/** Salts what a document or text stands for on the chain, always with the same salt as long as the form is open. */
export interface Salting {
  readonly salt: string;
  readonly file: (file: Blob) => Promise<Salted>;
  readonly text: (text: string) => Salted;
}

/**
 * One form's write. A double click is one request, and the same content is always sent under the same key: who tries
 * again after a lost answer makes no second entry.
 * @param make reads the form's values. @param done told what the gateway answered, and what is left to be kept
 */
export function useEntry<Values, Answer extends AnyAnswer = AnyAnswer>(
  make: (values: Values, salting: Salting) => Entry<Answer> | Promise<Entry<Answer>>,
  done: (answer: Answer, salted: Salted | undefined) => void,
): Act<Values> {
  const { json } = useSession();
  const [salt] = useState(newSalt);
  const keys = useRef(new Map<string, string>());
  return useAct(async (values: Values) => {
    const salting: Salting = { salt, file: (file) => saltFile(file, salt), text: (text) => saltText(text, salt) };
    const { salted, ...sent } = await make(values, salting);
    const content = contentOf(sent);
    const idempotencyKey = keys.current.get(content) ?? newRequestId();
    keys.current.set(content, idempotencyKey);
    done(await json<Answer>({ method: 'POST', ...sent, idempotencyKey }), salted);
  });
}

/** @throws {Problem} REQUEST_MALFORMED for a text with half a character, which a broken copy may leave behind */
function contentOf(value: object): string {
  try {
    return canonicalJson(value);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Problem('REQUEST_MALFORMED', { wanted: 'Unicode' }, { cause });
  }
}
