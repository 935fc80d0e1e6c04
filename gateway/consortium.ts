import { canonicalJson } from '../domain/canonical-json.js';
import { type ConfigureRequest, type Consortium, type ConsortiumResult } from '../domain/consortium.js';
import { type Stored } from './evidence.js';
import { type Ledger } from './ledger/port.js';

/** The member list as the contracts know it. @throws as {@link Ledger.evaluate} */
export async function getConsortium(ledger: Ledger, user: string): Promise<ConsortiumResult> {
  return JSON.parse(await ledger.evaluate({ user, transaction: 'consortium:get', args: [] })) as ConsortiumResult;
}

/**
 * Sets the member list, as an administrator. The same list again writes nothing.
 * @throws as {@link Ledger.submit}; CONSORTIUM_NOT_MEMBER
 */
export async function configureConsortium(
  ledger: Ledger,
  user: string,
  request: ConfigureRequest,
): Promise<Stored<Consortium>> {
  const { result, ...written } = await ledger.submit({
    user,
    transaction: 'consortium:configure',
    args: [canonicalJson(request)],
    writtenBy: (text) => (JSON.parse(text) as { readonly txId?: string }).txId,
  });
  return { ...written, value: JSON.parse(result) as Consortium };
}
