import { randomUUID } from 'node:crypto';

import { type SaltedValues } from '../../domain/license-fields.js';
import { type LicenseId } from '../../domain/license-id.js';
import { type Caller } from '../caller.js';

/** Puts a version's values into the own organisation's private data; once more writes the same. @throws as `callGateway` */
export async function keepValues(caller: Caller, id: LicenseId, values: SaltedValues): Promise<void> {
  await caller.call({
    method: 'POST',
    path: `/v1/licenses/${id}/fields`,
    idempotencyKey: randomUUID(),
    body: { values },
  });
}
