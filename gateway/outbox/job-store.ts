import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

import { canonicalJson } from '../../domain/canonical-json.js';
import { type EvidenceWrite } from '../evidence.js';
import { GroupCommit } from '../group-commit.js';

const BUSY_TIMEOUT_MS = 5_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS job (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, operation TEXT NOT NULL, request TEXT NOT NULL,
    content TEXT NOT NULL UNIQUE, accepted_at TEXT NOT NULL, finished_at TEXT, outcome TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS job_open ON job (accepted_at) WHERE outcome IS NULL;
  CREATE INDEX IF NOT EXISTS job_finished ON job (finished_at) WHERE outcome IS NOT NULL;
`;

/** How a job ended: with the answer that a waiting client would have had, or with its problem. */
export type Outcome =
  | { readonly state: 'done'; readonly location: string; readonly answer: object }
  | { readonly state: 'refused'; readonly problem: object };

/** A write that was accepted; it has an outcome once it ended. Times are RFC 3339. */
export interface Job {
  /** Random, a UUID: nobody guesses another one's. */
  readonly id: string;
  /** Whose certificate signs it. */
  readonly user: string;
  readonly operation: EvidenceWrite;
  /** As the operation's parser left it. */
  readonly request: object;
  readonly acceptedAt: string;
  readonly finishedAt?: string;
  readonly outcome?: Outcome;
}

/** What was accepted, and how it ended. Not derived: what is open here stands nowhere else yet. */
export class JobStore {
  readonly #database: DatabaseSync;
  readonly #group: GroupCommit;

  /** @param path a file of SQLite; its folder is made. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA}`);
    this.#group = new GroupCommit(this.#database);
  }

  /**
   * Keeps a request, once: equal requests of one user are one job. One that was refused before is open again, because
   * what was in its way may be gone. @returns the job, once it is on the disk
   */
  accept({ user, operation, request }: Pick<Job, 'user' | 'operation' | 'request'>, nowMs: number): Promise<Job> {
    const content = createHash('sha256')
      .update(canonicalJson([user, operation, request]))
      .digest('hex');
    const row = [randomUUID(), user, operation, canonicalJson(request), content, new Date(nowMs).toISOString()];
    return this.#group.run(() => {
      this.#database
        .prepare(
          `INSERT INTO job (id, user, operation, request, content, accepted_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (content) DO UPDATE SET outcome = NULL, finished_at = NULL
           WHERE outcome ->> 'state' = 'refused'`,
        )
        .run(...row);
      const stored = this.#database.prepare('SELECT * FROM job WHERE content = ?').get(content);
      if (stored === undefined) throw new Error('the job that was just kept is not there');
      return jobOf(stored);
    });
  }

  /** `undefined` where there is none, or none any more. */
  find(id: string): Job | undefined {
    const row = this.#database.prepare('SELECT * FROM job WHERE id = ?').get(id);
    return row && jobOf(row);
  }

  /** Ids of the jobs without an outcome, oldest first. */
  open(): string[] {
    const rows = this.#database.prepare('SELECT id FROM job WHERE outcome IS NULL ORDER BY accepted_at, id').all();
    return rows.map(({ id }) => String(id));
  }

  /** @returns once it is on the disk */
  finish(id: string, outcome: Outcome, nowMs: number): Promise<void> {
    return this.#group.run(() => {
      this.#database
        .prepare('UPDATE job SET outcome = ?, finished_at = ? WHERE id = ?')
        .run(JSON.stringify(outcome), new Date(nowMs).toISOString(), id);
    });
  }

  /** Forgets jobs that ended before a time, Unix milliseconds. What they wrote stands on the chain. */
  forget(beforeMs: number): Promise<void> {
    return this.#group.run(() => {
      this.#database
        .prepare('DELETE FROM job WHERE outcome IS NOT NULL AND finished_at < ?')
        .run(new Date(beforeMs).toISOString());
    });
  }

  close(): void {
    this.#group.flush();
    this.#database.close();
  }
}

function jobOf(row: Record<string, SQLOutputValue>): Job {
  const { id, user, operation, request, accepted_at: acceptedAt, finished_at: finishedAt, outcome } = row;
  return {
    id: String(id),
    user: String(user),
    operation: String(operation) as EvidenceWrite, // Written above, as the next ones.
    request: JSON.parse(String(request)) as object,
    acceptedAt: String(acceptedAt),
    ...(typeof finishedAt === 'string' && { finishedAt }),
    ...(typeof outcome === 'string' && { outcome: JSON.parse(outcome) as Outcome }),
  };
}
