/**
 * A proxy that pools transactions, as PgBouncer does in its transaction mode: between two transactions, any
 * client may get any connection to the server. Knows as much of PostgreSQL's protocol as that takes.
 */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface PoolingProxy {
  readonly port: number;
  close(): void;
}

/** One connection to the server, logged in, and lent to one client after the other. */
interface Backend {
  readonly socket: Socket;
  lentTo: Client | null;
}

interface Client {
  readonly socket: Socket;
  /** Messages of a transaction that has no backend yet. */
  waiting: Buffer[];
}

/** 'Z', ReadyForQuery: the last byte says whether a transaction is open; 'I' is none. */
const READY = 0x5a;
const IDLE = 0x49;

/** Opens the proxy. */
export async function openPoolingProxy(serverPort: number): Promise<PoolingProxy> {
  const free: Backend[] = [];
  /** Logged in and never lent: stand for the connections that a pool opens when all others are lent. */
  const spare: Backend[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (startup: Buffer) => logIn(socket, startup));
  });

  /** Each client logs in through a connection of its own, which from then on is nobody's. */
  function logIn(socket: Socket, startup: Buffer): void {
    const upstream = connect({ host: '127.0.0.1', port: serverPort });
    sockets.add(upstream);
    upstream.on('error', () => undefined);
    upstream.write(startup);
    const toServer = (bytes: Buffer): void => void upstream.write(bytes);
    socket.on('data', toServer);
    const reader = createReader((message) => {
      socket.write(message);
      if (message[0] !== READY) return;
      socket.off('data', toServer);
      upstream.removeAllListeners('data');
      const client: Client = { socket, waiting: [] };
      const backend: Backend = { socket: upstream, lentTo: null };
      upstream.on(
        'data',
        createReader((answer) => pass(backend, answer)),
      );
      spare.push(backend);
      socket.on('data', (bytes: Buffer) => ask(client, bytes));
    });
    upstream.on('data', reader);
  }

  const backendOf = new Map<Client, Backend>();

  /** The connection that was given back last is lent first, as PgBouncer does. */
  function ask(client: Client, bytes: Buffer): void {
    let backend = backendOf.get(client);
    if (backend === undefined) {
      backend = free.pop() ?? spare.pop();
      if (backend === undefined) return void client.waiting.push(bytes);
      backend.lentTo = client;
      backendOf.set(client, backend);
    }
    backend.socket.write(bytes);
  }

  function pass(backend: Backend, message: Buffer): void {
    const client = backend.lentTo;
    client?.socket.write(message);
    if (client === null || message[0] !== READY || message.at(-1) !== IDLE) return;
    backend.lentTo = null;
    backendOf.delete(client);
    free.push(backend);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Cuts a stream into messages: a letter, a length that counts itself, a body. */
function createReader(onMessage: (message: Buffer) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const length = rest.readUInt32BE(1) + 1;
      onMessage(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
}
