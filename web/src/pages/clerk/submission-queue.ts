import { asProblem, Problem, type ProblemCode } from '../../api/problem.js';
import { newRequestId } from '../../desk/random.js';
import { FileUnreadable, hashFile } from '../../hashing/hash-file.js';
import { type QueueStore } from './queue-store.js';
import { claimedTimeOf, type Declared, isSendable, type QueuedFile, type RecordPlace } from './queued-file.js';

/** What the queue asks of the gateway. */
export interface Sender {
  /** The record that the own unit made of this very file before, if it did. */
  readonly find: (file: QueuedFile) => Promise<RecordPlace | undefined>;
  readonly write: (file: QueuedFile) => Promise<RecordPlace>;
}

/** How the queue stands; a new object after every change. */
export interface QueueState {
  readonly files: readonly QueuedFile[];
  readonly running: boolean;
  /** Share of the file that is being hashed, 0 to 1. */
  readonly hashed: number;
  /** Why the run was broken off: nobody answers, or nobody is signed in. What was not sent waits. */
  readonly halted: Problem | undefined;
}

/** Requests under way at the same time. */
const SENDERS = 4;
/** Waits before the same request is sent again, milliseconds. */
const WAITS_MS = [1_000, 3_000, 8_000];
/** After these no other file would fare better. */
const HALTING: readonly ProblemCode[] = ['GATEWAY_DOWN', 'UNAUTHENTICATED', 'UNVERIFIABLE_NOW', 'IDENTITY_REFUSED'];
/** Problems that pass while the run goes on. */
const BUSY: readonly ProblemCode[] = ['LEDGER_BUSY', 'LEDGER_CONFLICT', 'RATE_EXCEEDED', 'OUTCOME_UNKNOWN'];

/**
 * The files of one user's desk: hashed one after the other, sent a few at a time, each under a key of its own that was
 * written down before the first byte left. Lives as long as the window, so that other pages may be looked at meanwhile.
 */
export class SubmissionQueue {
  readonly #store: QueueStore;
  readonly #user: string;
  readonly #inMemory = new Map<string, File>();
  readonly #listeners = new Set<() => void>();
  #state: QueueState;

  constructor(store: QueueStore, user: string, files: readonly QueuedFile[]) {
    this.#store = store;
    this.#user = user;
    this.#state = { files, running: false, hashed: 0, halted: undefined };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): QueueState => this.#state;

  /** Whether the page was left before this file was read to its end, so that it must be chosen again. */
  isLost({ stage, requestId }: QueuedFile): boolean {
    return stage === 'hashing' && !this.#inMemory.has(requestId);
  }

  /** Takes files in. One that waits for being chosen again keeps its place and its key. */
  async add(files: readonly File[], declared: Declared): Promise<void> {
    const first = (this.#state.files.at(-1)?.order ?? 0) + 1;
    const waiting = this.#state.files.filter((file) => this.isLost(file));
    const added = files.map((file, index) => {
      const again = waiting.find(({ name, bytes }) => name === file.name && bytes === file.size);
      const queued = again ?? queuedFile(file, this.#user, first + index, declared);
      this.#inMemory.set(queued.requestId, file);
      return queued;
    });
    await this.#put(added);
  }

  /** Hashes and sends what is left, also what failed before. Does nothing while it is under way. */
  async run(sender: Sender): Promise<void> {
    if (this.#state.running) return;
    this.#change({ running: true, halted: undefined });
    try {
      const hashing = this.#hashAll();
      const sent = new Set<string>();
      for (;;) {
        await this.#sendAll(sender, sent);
        if (await Promise.race([hashing.then(() => true), pause(200).then(() => false)])) break;
      }
      await this.#sendAll(sender, sent);
    } finally {
      this.#change({ running: false, hashed: 0 });
    }
  }

  /** Has a file recorded although the unit has recorded it before. */
  async again(file: QueuedFile): Promise<void> {
    const { record: _, ...rest } = file;
    await this.#put([{ ...rest, stage: 'ready', again: true }]);
  }

  /** Forgets files here; records on the chain stay. */
  async remove(files: readonly QueuedFile[]): Promise<void> {
    const ids = files.map(({ requestId }) => requestId);
    await this.#store.remove(ids);
    this.#change({ files: this.#state.files.filter(({ requestId }) => !ids.includes(requestId)) });
  }

  async #hashAll(): Promise<void> {
    for (;;) {
      const next = this.#state.files.find((file) => file.stage === 'hashing' && this.#inMemory.has(file.requestId));
      const file = next && this.#inMemory.get(next.requestId);
      if (next === undefined || file === undefined) return;
      const changed = await hashOne(next, file, (hashed) => {
        this.#change({ hashed });
      });
      this.#inMemory.delete(next.requestId);
      await this.#put([changed]);
    }
  }

  /** @param tried those that this run has sent; each once, so that a refusal does not turn into a loop. */
  async #sendAll(sender: Sender, tried: Set<string>): Promise<void> {
    const work = async (): Promise<void> => {
      for (;;) {
        const next = this.#state.files.find((file) => isSendable(file) && !tried.has(file.requestId));
        if (next === undefined || this.#state.halted !== undefined) return;
        tried.add(next.requestId);
        await this.#sendOne(next, sender);
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, work));
  }

  async #sendOne(file: QueuedFile, { find, write }: Sender): Promise<void> {
    const { problem: _, ...clean } = file;
    let stage = clean.stage;
    try {
      const first = stage === 'ready' && clean.again !== true;
      const known = first ? await patiently(() => find(clean)) : undefined;
      if (known !== undefined) {
        await this.#put([{ ...clean, stage: 'known', record: known }]);
        return;
      }
      // Written down first: if the answer is lost with the page, the next run repeats the request under this key.
      stage = 'sent';
      await this.#put([{ ...clean, stage }]);
      await this.#put([{ ...clean, stage: 'recorded', record: await patiently(() => write(clean)) }]);
    } catch (error) {
      const { code, details, passes } = asProblem(error);
      const halts = HALTING.includes(code);
      await this.#put([{ ...clean, stage: passes || halts ? stage : 'refused', problem: { code, details } }]);
      if (halts) this.#change({ halted: asProblem(error) });
    }
  }

  async #put(changed: readonly QueuedFile[]): Promise<void> {
    const byId = new Map(this.#state.files.map((file) => [file.requestId, file]));
    for (const file of changed) byId.set(file.requestId, file);
    this.#change({ files: [...byId.values()] });
    await this.#store.put(changed);
  }

  #change(part: Partial<QueueState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }
}

function queuedFile(file: File, user: string, order: number, declared: Declared): QueuedFile {
  const { name, size: bytes, type: mediaType } = file;
  const claimedAt = claimedTimeOf(file);
  const requestId = newRequestId();
  return { requestId, user, order, name, bytes, mediaType, claimedAt, declared, stage: 'hashing' };
}

async function hashOne(queued: QueuedFile, file: File, onProgress: (share: number) => void): Promise<QueuedFile> {
  try {
    return { ...queued, digests: await hashFile(file, { onProgress }), stage: 'ready' };
  } catch (error) {
    if (!(error instanceof FileUnreadable)) throw error;
    return queued; // Its file is forgotten, so that it reads as one to be chosen again.
  }
}

/** Tries again what only has to wait. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (const waitMs of WAITS_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Problem) || !BUSY.includes(error.code)) throw error;
      const { retryAfter } = error.details;
      await pause(typeof retryAfter === 'number' ? Math.min(retryAfter * 1_000, 60_000) : waitMs);
    }
  }
  return ask();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
