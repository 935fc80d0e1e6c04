import { DomainError } from '../../../domain/errors.js';
import { bootstrapConsortium } from '../../../gateway/bootstrap.js';
import { type Call, type Ledger, type WriteCall } from '../../../gateway/ledger/port.js';
import { outage } from './support/fake-ledger.js';

const BOOTSTRAP = { user: 'admin@chongqing.example', members: ['ChongqingMSP', 'ZhejiangMSP'] };

/** A consortium contract; each call first throws what is left in `failures`. */
class ConsortiumLedger implements Ledger {
  configured = false;
  readonly written: WriteCall[] = [];
  readonly failures: Error[] = [];

  evaluate(_call: Call): Promise<string> {
    return this.#answer(JSON.stringify({ configured: this.configured }));
  }

  async submit(call: WriteCall) {
    this.written.push(call);
    const result = await this.#answer('{"txId":"tx"}');
    this.configured = true;
    return { result, txId: 'tx', blockNumber: 1, fresh: true };
  }

  #answer(text: string): Promise<string> {
    const failure = this.failures.shift();
    return failure === undefined ? Promise.resolve(text) : Promise.reject(failure);
  }
}

describe('bootstrapping the consortium', () => {
  const run = async (ledger: ConsortiumLedger): Promise<unknown[]> => {
    const warnings: unknown[] = [];
    await bootstrapConsortium(ledger, BOOTSTRAP, AbortSignal.timeout(5_000), (error) => warnings.push(error));
    return warnings;
  };

  test('submits the members once, as the configured user', async () => {
    const ledger = new ConsortiumLedger();
    await run(ledger);
    await run(ledger);
    expect(ledger.written.map(({ user, transaction, args }) => ({ user, transaction, args }))).toEqual([
      {
        user: 'admin@chongqing.example',
        transaction: 'consortium:configure',
        args: ['{"members":["ChongqingMSP","ZhejiangMSP"]}'],
      },
    ]);
  });

  test('leaves a consortium that is configured alone', async () => {
    const ledger = new ConsortiumLedger();
    ledger.configured = true;
    await run(ledger);
    expect(ledger.written).toEqual([]);
  });

  test('waits for a network that is down, without a word', async () => {
    const ledger = new ConsortiumLedger();
    ledger.failures.push(outage(), outage());
    expect(await run(ledger)).toEqual([]);
    expect(ledger.configured).toBe(true);
  });

  test('tells of a refusal once, and tries on', async () => {
    const ledger = new ConsortiumLedger();
    ledger.failures.push(outage(), new DomainError('ROLE_NOT_ALLOWED'), new DomainError('ROLE_NOT_ALLOWED'));
    expect(await run(ledger)).toMatchObject([{ code: 'ROLE_NOT_ALLOWED' }]);
    expect(ledger.configured).toBe(true);
  });

  test('ends when it is told to', async () => {
    const ledger = new ConsortiumLedger();
    ledger.failures.push(...Array.from({ length: 100 }, outage));
    await bootstrapConsortium(ledger, BOOTSTRAP, AbortSignal.timeout(50), () => undefined);
    expect(ledger.configured).toBe(false);
  });
});
