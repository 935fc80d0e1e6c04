import { type Response } from 'express';

/** How often a silent stream says that it lives, milliseconds: below the idle bound of common proxies. */
const HEARTBEAT_MS = 15_000;

/** One message of a stream; `id` is what `Last-Event-ID` brings back. */
export interface StreamMessage {
  readonly event: string;
  readonly id?: string;
  readonly data: object;
}

/**
 * Server-sent events (WHATWG HTML, section 9.2) as an answer. Writing waits until the client has taken what was sent,
 * so that a slow one fills no memory here; a comment is sent every 15 seconds of silence.
 */
export class EventStream implements Disposable {
  readonly #response: Response;
  readonly #closed = new AbortController();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(response: Response) {
    this.#response = response;
    response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
    response.on('close', () => {
      this.#closed.abort();
    });
    response.flushHeaders();
    this.#rearm();
  }

  /** Aborts when the client is gone. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Resolves when there is room for the next message, or the client is gone. */
  async send({ event, id, data }: StreamMessage): Promise<void> {
    const lines = [`event: ${event}`, ...(id === undefined ? [] : [`id: ${id}`]), `data: ${JSON.stringify(data)}`];
    await this.#write(`${lines.join('\n')}\n\n`);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#heartbeat);
    this.#response.end();
  }

  async #write(text: string): Promise<void> {
    if (this.closed.aborted) return;
    this.#rearm();
    if (this.#response.write(text)) return;
    await new Promise<void>((resolve) => {
      this.#response.once('drain', resolve);
      this.closed.addEventListener('abort', () => {
        resolve();
      });
    });
  }

  #rearm(): void {
    clearTimeout(this.#heartbeat);
    this.#heartbeat = setTimeout(() => void this.#write(': heartbeat\n\n'), HEARTBEAT_MS);
  }
}
