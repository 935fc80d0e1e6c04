import { useState } from 'react';

import { parseLicenseId } from '../../../../domain/license-id.js';
import { type FieldsKept, type LicenseActWritten } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { Problem } from '../../api/problem.js';
import { type Act, useAct } from '../../api/use-act.js';
import { newRequestId } from '../../desk/random.js';
import { useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { type Delivery, isRefused, keepUnfinished, readUnfinished, type Wanted } from './delivery.js';

/** An issue, or a new version, under way: two writes of which the second must not be lost. */
export interface Delivering {
  /** `undefined` where nothing is under way: a refused one is over. */
  readonly delivery: Delivery | undefined;
  /** Begins with what `make` gives, or without it goes on with what is there. */
  readonly act: Act<(() => Promise<Wanted>) | undefined>;
  /** Forgets it. */
  readonly end: () => void;
}

/** @param onWritten told when the act is on the chain */
export function useDelivery({ user }: Who, onWritten: () => void): Delivering {
  const { json } = useSession();
  const [delivery, setDelivery] = useState(() => readUnfinished(user));
  const set = (next: Delivery | undefined): void => {
    keepUnfinished(user, next); // Before anything is sent.
    setDelivery(next);
  };
  const writeAct = async (now: Delivery): Promise<Delivery> => {
    const { sent, actKey: idempotencyKey } = now;
    try {
      const { stored, txId } = await json<LicenseActWritten>({ method: 'POST', ...sent, idempotencyKey });
      return { ...now, written: { licenseId: parseLicenseId(stored.licenseId, { legacy: true }), txId } };
    } catch (error) {
      if (error instanceof Problem && isRefused(error)) set(undefined);
      throw error;
    }
  };
  const act = useAct(async (make: (() => Promise<Wanted>) | undefined) => {
    let now = make === undefined ? delivery : begin(await make());
    if (now === undefined) return;
    set(now);
    if (now.written === undefined) {
      now = await writeAct(now);
      set(now);
      onWritten();
    }
    if (now.kept || now.written === undefined) return;
    const { keepKey: idempotencyKey, values, written } = now;
    const path = pathOf('licenses', written.licenseId, 'fields');
    await json<FieldsKept>({ method: 'POST', path, body: { values }, idempotencyKey });
    set({ ...now, kept: true });
    onWritten();
  });
  const end = (): void => {
    set(undefined);
    act.clear();
  };
  return { delivery, act, end };
}

function begin(wanted: Wanted): Delivery {
  // A type without private fields leaves nothing to be kept.
  const kept = Object.keys(wanted.values).length === 0;
  return { ...wanted, actKey: newRequestId(), keepKey: newRequestId(), kept };
}
