import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { TestStamper } from './stamper.js';

/** Changes what the authority is asked, or what it answers. */
export type Tamper = (bytes: Buffer) => Buffer;

const same: Tamper = (bytes) => bytes;

/** A real `openssl ts` authority behind HTTP on loopback (RFC 3161 section 3.4). */
export class StampServer implements AsyncDisposable {
  readonly stamper = new TestStamper();
  /** Which certificate signs; see {@link TestStamper}. */
  signer = 'tsa';
  asked: Tamper = same;
  answered: Tamper = same;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const reply = this.stamper.reply(this.asked(Buffer.concat(parts)), this.signer);
        response.setHeader('content-type', 'application/timestamp-reply');
        response.end(this.answered(reply));
      });
    });
  }

  static async start(): Promise<StampServer> {
    const server = new StampServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** Undoes what a test changed. */
  honest(): void {
    Object.assign(this, { signer: 'tsa', asked: same, answered: same });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    this.stamper[Symbol.dispose]();
  }
}
