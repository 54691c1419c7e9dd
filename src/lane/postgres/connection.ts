/** The one file of this folder that touches the network: a connection to PostgreSQL through postgres.js. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import postgres from 'postgres';

/** A row, values as PostgreSQL writes them: 64-bit integers are text. */
export type Row = Readonly<Record<string, unknown>>;

/** One connection, which is never replaced by another behind one's back. */
export interface Connection {
  /** Runs one statement. Statements run in the order in which they were asked for, without a pause between. */
  query(text: string, params?: readonly (string | null)[]): Promise<readonly Row[]>;
  /** Runs several statements without parameters. */
  script(text: string): Promise<void>;
  /** Drops the connection, whatever is under way, and lets no new one be made. */
  destroy(): void;
}

/** What {@link openConnection} takes. */
export interface ConnectionOptions {
  readonly url: string;
  /** Told of each `NOTIFY` on a channel that this connection listens to. */
  readonly onNotify: (payload: string) => void;
  /** Told once, when the connection is gone or could not be made. */
  readonly onClose: () => void;
}

/** How often TCP asks whether the other side is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;

/** postgres.js knows this option, and its own `listen` is made of it; its types do not name it. */
interface NotifyOption {
  readonly onnotify: (channel: string, payload: string) => void;
}

interface SocketOption {
  readonly socket: (address: Address) => Promise<Socket>;
}

/** What postgres.js hands to `socket`. */
interface Address {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

/** Opens a connection. Nothing happens before the first statement. */
export function openConnection(options: ConnectionOptions): Connection {
  return new PostgresConnection(options);
}

class PostgresConnection implements Connection {
  readonly #options: ConnectionOptions;
  readonly #sql: postgres.Sql;
  /** What ends the statements that are under way when the connection ends. */
  readonly #abandon = new Set<(reason: Error) => void>();
  #socket: Socket | undefined;
  #isGone = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const driverOptions: postgres.Options<Record<string, never>> & NotifyOption & SocketOption = {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      fetch_types: false,
      onnotice: () => undefined,
      onnotify: (_channel, payload) => options.onNotify(payload),
      socket: (address) => this.#openSocket(address),
    };
    this.#sql = postgres(options.url, driverOptions);
  }

  query(text: string, params: readonly (string | null)[] = []): Promise<readonly Row[]> {
    return this.#whileConnected(() => this.#sql.unsafe(text, [...params], { prepare: true }));
  }

  async script(text: string): Promise<void> {
    await this.#whileConnected(() => this.#sql.unsafe(text));
  }

  destroy(): void {
    this.#end();
    this.#socket?.destroy();
  }

  #whileConnected(run: () => PromiseLike<readonly Row[]>): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      if (this.#isGone) return reject(new Error('The connection is gone.'));
      this.#abandon.add(reject);
      const end = (): void => void this.#abandon.delete(reject);
      run().then(
        (rows) => (end(), resolve(rows)),
        (error: unknown) => (end(), reject(error as Error)),
      );
    });
  }

  /** Once only: postgres.js would connect again, for statements that must not run in another session. */
  #openSocket(address: Address): Promise<Socket> {
    if (this.#isGone || this.#socket !== undefined)
      return Promise.reject(new Error('The connection is gone.'));
    const socket = connectTo(address);
    this.#socket = socket;
    socket.once('close', () => this.#end());
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  #end(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    void this.#sql.end({ timeout: 0 });
    for (const reject of this.#abandon) reject(new Error('The connection broke.'));
    this.#options.onClose();
  }
}

function connectTo({ host, path, port }: Address): Socket {
  const socket =
    path === false ? connect({ host: host[0] ?? 'localhost', port: port[0] ?? 5432 }) : connect({ path });
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  return socket;
}
