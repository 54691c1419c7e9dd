import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificates } from './certificates.ts';
import { BACKLOG_MAX, forward } from './forward.ts';

/** The mock behind TLS, under Kraken's own name. */
export interface TlsAdapter {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Connections that came through the handshake. */
  readonly connections: number;
  /** Connections that did not. */
  readonly handshakesFailed: number;
  /** Takes over a connection that somebody else has accepted; its next bytes are TLS. */
  accept(socket: Socket): void;
  /**
   * The client's connection of which the bytes go on to the mock from this port; `undefined` when there is none, or
   * when it was not this door that accepted it.
   */
  clientAt(port: number): Socket | undefined;
  close(): Promise<void>;
}

/**
 * Opens a door that speaks TLS and hands each connection on to the mock's own door, byte for byte: one
 * connection in, one connection out, so that what the client sends on one connection keeps its order and what it
 * sends on several does not gain one. HTTP/1.1 only; a client that would rather speak HTTP/2 is told so.
 */
export async function openTlsAdapter(
  mockPort: number,
  { certificate, privateKey }: Certificates,
): Promise<TlsAdapter> {
  const sockets = new Set<Socket>();
  const clients = new Map<number, Socket>();
  const server = createServer({
    key: privateKey,
    cert: certificate,
    ALPNProtocols: ['http/1.1'],
    noDelay: true,
  });
  let connections = 0;
  let handshakesFailed = 0;
  const remember = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  };
  server.on('connection', remember);
  server.on('tlsClientError', (_error, socket) => {
    handshakesFailed += 1;
    socket.destroy();
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    connections += 1;
    const inner = connect({ host: '127.0.0.1', port: mockPort, noDelay: true });
    remember(inner);
    inner.once('connect', () => {
      const { localPort = 0 } = inner;
      clients.set(localPort, socket);
      inner.once('close', () => clients.delete(localPort));
    });
    forward(socket, inner);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG_MAX }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get connections() {
      return connections;
    },
    get handshakesFailed() {
      return handshakesFailed;
    },
    accept: (socket) => server.emit('connection', socket),
    clientAt(from) {
      const client = clients.get(from);
      return client?.localPort === port ? client : undefined;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
