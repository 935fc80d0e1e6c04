import { type Heartbeat } from '../../domain/heartbeat.js';
import { anyTwoOf } from '../endorsement-policy.js';
import { readState, type StateStub, writeState } from '../state.js';

/** The one heartbeat key of the channel, composite `heartbeat` without attributes. */
export class HeartbeatStore {
  readonly #stub: StateStub;
  readonly #key: string;

  constructor(stub: StateStub) {
    this.#stub = stub;
    this.#key = stub.createCompositeKey('heartbeat', []);
  }

  read(): Promise<Heartbeat | undefined> {
    return readState<Heartbeat>(this.#stub, this.#key);
  }

  /** @param members of the consortium: any two of them let it beat, so that one that is away stops nobody. */
  write(heartbeat: Heartbeat, members: readonly string[]): Promise<void> {
    return writeState(this.#stub, this.#key, heartbeat, anyTwoOf(members));
  }
}
