import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A way to a server on loopback that can be broken. */
export interface LoopbackProxy {
  readonly port: number;
  /** Breaks every connection, as a firewall that resets them. New ones go through. */
  cut(): void;
  /** Lets nothing through, in either direction, and tells nobody: a network that is gone. */
  stall(): void;
  /** Lets everything through again, also what was sent meanwhile. */
  resume(): void;
  close(): Promise<void>;
}

/** Opens a way to a port of this host. */
export async function openLoopbackProxy(targetPort: number): Promise<LoopbackProxy> {
  const proxy = new Proxy(targetPort);
  await proxy.listen();
  return proxy;
}

class Proxy implements LoopbackProxy {
  readonly #targetPort: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Whose other side is gone, which a network that is gone does not tell them. */
  readonly #toldLater = new Set<Socket>();
  #isStalled = false;

  constructor(targetPort: number) {
    this.#targetPort = targetPort;
    // Half-open: the end of one side is passed on, not answered.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => this.#join(near));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #join(near: Socket): void {
    const far = connect({ host: '127.0.0.1', port: this.#targetPort, allowHalfOpen: true });
    this.#pass(near, far);
    this.#pass(far, near);
    if (!this.#isStalled) near.resume();
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => to.write(bytes));
    from.on('end', () => to.end());
    // What is broken closes, too.
    from.on('error', () => undefined);
    from.once('close', () => {
      this.#sockets.delete(from);
      if (this.#isStalled) this.#toldLater.add(to);
      else to.destroy();
    });
  }

  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  stall(): void {
    this.#isStalled = true;
    for (const socket of this.#sockets) socket.pause();
  }

  resume(): void {
    this.#isStalled = false;
    for (const socket of this.#toldLater) socket.destroy();
    this.#toldLater.clear();
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
