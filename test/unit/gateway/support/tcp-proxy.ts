import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type AddressInfo } from 'node:net';

/** A TCP proxy before a server that can go deaf and dumb without closing anything, as a cut cable does. */
export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #target: string;
  #deaf = false;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((socket) => {
      this.#accept(socket);
    });
  }

  /** @param target `host:port`. */
  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on the connections there are forward nothing and stay open. @param newOnes whether new ones do so too */
  cut(newOnes: boolean): void {
    this.#deaf = newOnes;
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  /** New connections work again; the old ones stay dead. */
  mend(): void {
    this.#deaf = false;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#keep(socket);
    if (this.#deaf) return;
    const [host, port] = this.#target.split(':');
    const onward = connect(Number(port), host);
    this.#keep(onward);
    socket.pipe(onward).pipe(socket);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }
}
