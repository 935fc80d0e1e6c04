import { Contract } from 'fabric-contract-api';
import { DomainError } from '../domain/errors.js';
import { checkClaimedTime, type Clock, peerClock } from './clock-guard.js';
import { LedgerContext } from './ledger-context.js';
import { checkCaller } from './roles.js';

/** What all contracts share: no transaction runs before its claimed time and its caller's role were checked. */
export abstract class GuardedContract extends Contract {
  readonly #clock: Clock;

  /** @param name the contract's name on the wire, before the colon. @param clock Unix milliseconds of this peer. */
  constructor(name: string, clock: Clock = peerClock) {
    super(name);
    this.#clock = clock;
  }

  override createContext(): LedgerContext {
    return new LedgerContext();
  }

  /**
   * The last step before a transaction's own method, and the one that knows which method it will be.
   * @param method the method's name: a string, whatever contract-api's types say.
   * @throws TIME_SKEW, ROLE_NOT_ALLOWED, ACTOR_MALFORMED, and what the method throws
   */
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- the type that contract-api declares.
  override aroundTransaction(ctx: LedgerContext, method: Function, parameters: unknown): Promise<void> {
    checkClaimedTime(ctx.claimedMs, this.#clock());
    checkCaller(`${this.getName()}:${String(method)}`, () => ctx.actor);
    return super.aroundTransaction(ctx, method, parameters);
  }

  /** @throws REQUEST_MALFORMED always; the name that was asked for is not repeated. */
  override unknownTransaction(): Promise<void> {
    return Promise.reject(
      new DomainError('REQUEST_MALFORMED', { where: 'transaction', wanted: 'a transaction of this contract' }),
    );
  }
}
