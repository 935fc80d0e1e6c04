import { type Batch } from '../../domain/batch.js';
import { type Holder } from '../../domain/custody.js';
import { type EvidenceId, type RequestId } from '../../domain/ids.js';
import { type KeyPolicy } from '../endorsement-policy.js';
import { readState, type StateStub, writeState } from '../state.js';
import { type StreamHead } from './batch-rules.js';

/** Keys of batches, composite: `batch` with the record's id, `stream` with organisation, unit and the stream's name. */
export class BatchStore {
  readonly #stub: StateStub;

  constructor(stub: StateStub) {
    this.#stub = stub;
  }

  batch(id: EvidenceId): Promise<Batch | undefined> {
    return readState<Batch>(this.#stub, this.#batchKey(id));
  }

  putBatch(batch: Batch, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#batchKey(batch.id), batch, policy);
  }

  head(owner: Holder, stream: RequestId): Promise<StreamHead | undefined> {
    return readState<StreamHead>(this.#stub, this.#streamKey(owner, stream));
  }

  putHead(owner: Holder, stream: RequestId, head: StreamHead, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#streamKey(owner, stream), head, policy);
  }

  #batchKey(id: EvidenceId): string {
    return this.#stub.createCompositeKey('batch', [id]);
  }

  #streamKey({ mspId, unit }: Holder, stream: RequestId): string {
    return this.#stub.createCompositeKey('stream', [mspId, unit, stream]);
  }
}
