import { type HolderKey } from '../../../../domain/holder-key.js';
import { type SaltedValues } from '../../../../domain/license-fields.js';
import { type LicenseId } from '../../../../domain/license-id.js';
import { type Sent } from '../../../../gateway/openapi/operation.js';
import { type Answers } from '../../../../gateway/openapi/types.js';
import { type Problem } from '../../api/problem.js';

/** An issue or a new version as it is asked for: public digests to the chain, then the values to the own organisation. */
export interface Wanted {
  /** Digests alone. */
  readonly sent: Sent<Answers['issueLicense']>;
  readonly values: SaltedValues;
  /** Whose licence it is, where the page knows. */
  readonly holderKey?: HolderKey;
}

/** How far it came; each of the two writes has one key, however often it is sent. */
export interface Delivery extends Wanted {
  readonly actKey: string;
  readonly keepKey: string;
  /** Set once the act is on the chain. */
  readonly written?: { readonly licenseId: LicenseId; readonly txId: string };
  /** Whether the own organisation keeps the values. */
  readonly kept: boolean;
}

/**
 * What is not finished outlives a reload of this tab, and nothing else: a salt that is lost before it was kept makes
 * the digest on the chain worthless. @param user whose it is; another one in the same tab does not see it
 */
export function readUnfinished(user: string): Delivery | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(nameOf(user)) ?? 'null') as Delivery | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it as long as it is not finished. */
export function keepUnfinished(user: string, delivery: Delivery | undefined): void {
  try {
    if (delivery === undefined || delivery.kept) sessionStorage.removeItem(nameOf(user));
    else sessionStorage.setItem(nameOf(user), JSON.stringify(delivery));
  } catch {
    // Without storage it lasts as long as the page.
  }
}

/** Whether the contract said no, so that nothing was written; else nobody knows, and the same is to be sent again. */
export function isRefused({ passes, code }: Problem): boolean {
  return !passes && !UNCLEAR.includes(code);
}

/** What is told before the contract was asked, or by nobody. */
const UNCLEAR: readonly Problem['code'][] = ['UNAUTHENTICATED', 'REPLY_MALFORMED'];

function nameOf(user: string): string {
  return `yinzheng.issuing.${user}`;
}
