/**
 * Runs inside every Node process and worker thread of a target, before anything of the target's: leads TLS
 * connections for Kraken's API host to the mock and refuses what leads out of this machine. It works at the
 * lowest layer that all clients share (`tls.connect` and `net.Socket#connect`), so that fetch, node:https, axios,
 * got and undici's own clients are all caught, and pools, pipelines and retries exactly as it always does.
 *
 * It must not disturb: no output, no timers, no handles.
 */
import childProcess from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';
import workerThreads from 'node:worker_threads';
import { withInherited } from './inherited-variables.ts';
import type { Variables } from './inherited-variables.ts';
import { destinationOf } from './kraken-hosts.ts';
import { PRELOAD_SETTINGS } from './preload-settings.ts';
import type { PreloadSettings } from './preload-settings.ts';

const settingsText = process.env[PRELOAD_SETTINGS];
if (settingsText !== undefined) install(settingsText);

function install(text: string): void {
  const settings = JSON.parse(text) as PreloadSettings;
  const authority = readFileSync(settings.authorityFile, 'utf8');
  installTls(settings, authority);
  installGuard(settings);
  installInheritance({ ...settings.inherited, [PRELOAD_SETTINGS]: text });
  syncBuiltinESMExports();
}

type TlsConnect = (...args: unknown[]) => tls.TLSSocket;

/** Leads `tls.connect` for Kraken's API host to the door, and has the door's authority trusted there only. */
function installTls({ doorPort }: PreloadSettings, authority: string): void {
  const connect = tls.connect as TlsConnect;
  const replacement: TlsConnect = (...args) => {
    const { options, callback } = readTlsArguments(args);
    const host = options.host ?? 'localhost';
    const isKraken = [options.servername, host].some((name) => name && destinationOf(name) === 'kraken-api');
    if (!isKraken || typeof options.path === 'string') return connect(...args);
    options.secureContext?.context.addCACert(authority);
    const trusting = { ...options, ca: authority, servername: options.servername ?? host };
    const { localAddress: _unusable, ...led } = trusting;
    const arrived = options.socket == null ? { ...led, host: '127.0.0.1', port: doorPort } : trusting;
    return connect(arrived, ...(callback === undefined ? [] : [callback]));
  };
  tls.connect = replacement;
}

interface TlsOptions extends tls.ConnectionOptions {
  readonly localAddress?: string;
  readonly secureContext?: tls.SecureContext & { readonly context: { addCACert(pem: string): void } };
}

/** `connect(options)`, `connect(port, host?, options?)`, `connect(path, options?)`, each with a callback or not. */
function readTlsArguments(args: readonly unknown[]): { options: TlsOptions; callback: unknown } {
  const callback = args.find((arg) => typeof arg === 'function');
  const objects = args.filter((arg) => typeof arg === 'object' && arg !== null);
  const [first, second] = args;
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first));
  const place = isPort
    ? { port: Number(first), ...(typeof second === 'string' ? { host: second } : {}) }
    : typeof first === 'string'
      ? { path: first }
      : {};
  return { options: Object.assign({}, place, ...objects) as TlsOptions, callback };
}

type SocketConnect = (this: net.Socket, ...args: unknown[]) => net.Socket;
type PlaceOptions = Partial<net.TcpNetConnectOpts> & { readonly path?: unknown };

/** Every TCP connection comes past here, whoever makes it. */
function installGuard({ doorPort, allowNet, refusedFile }: PreloadSettings): void {
  const connect = net.Socket.prototype.connect as SocketConnect;
  const replacement: SocketConnect = function (...args) {
    const { options, callback } = readSocketArguments(args);
    const host = options.host ?? 'localhost';
    const destination = typeof options.path === 'string' ? 'loopback' : destinationOf(host);
    if (destination === 'loopback' || (destination === 'elsewhere' && allowNet))
      return connect.apply(this, args);
    if (destination === 'kraken-api' && Number(options.port) === 443) {
      const { localAddress: _unusable, ...rest } = options;
      return connect.call(
        this,
        { ...rest, host: '127.0.0.1', port: doorPort },
        ...(callback === undefined ? [] : [callback]),
      );
    }
    appendFileSync(refusedFile, `${JSON.stringify({ host, port: Number(options.port) })}\n`);
    return refuse(this, host, Number(options.port));
  };
  net.Socket.prototype.connect = replacement;
}

/** Node itself hands over an array `[options, callback]`; others what the documentation says. */
function readSocketArguments(args: readonly unknown[]): { options: PlaceOptions; callback: unknown } {
  const list: readonly unknown[] = Array.isArray(args[0]) ? args[0] : args;
  const callback = list.find((arg) => typeof arg === 'function');
  const [first, second] = list;
  if (typeof first === 'object' && first !== null) return { options: first, callback };
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { options: { path: first }, callback };
  const host = typeof second === 'string' ? { host: second } : {};
  return { options: { port: Number(first), ...host }, callback };
}

/** Fails the way a connection fails that nobody answers: later, with an error event. */
function refuse(socket: net.Socket, host: string, port: number): net.Socket {
  const error = new Error(
    `connect ECONNREFUSED ${host}:${port} (refused by nonceproof: only https://api.kraken.com is mocked)`,
  );
  Object.assign(error, { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: host, port });
  process.nextTick(() => socket.destroy(error));
  return socket;
}

/**
 * A process or thread that is given an environment of its own would know neither preload nor proxy, and would
 * reach the real Kraken: what nonceproof put into this environment is put into that one, too.
 */
function installInheritance(inherited: Variables): void {
  const prototype = childProcess.ChildProcess.prototype as unknown as {
    spawn(options: { envPairs?: readonly string[] }): unknown;
  };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const given = Object.fromEntries((options.envPairs ?? []).map(splitPair));
    const envPairs = Object.entries(withInherited(given, inherited)).map(
      ([name, value]) => `${name}=${value}`,
    );
    return spawn.call(this, { ...options, envPairs });
  };
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const original = childProcess[name] as (...args: unknown[]) => unknown;
    const replacement = (...args: unknown[]): unknown =>
      original(...args.map((arg) => completed(arg, inherited)));
    Object.assign(childProcess, { [name]: replacement });
  }
  const { Worker } = workerThreads;
  workerThreads.Worker = class extends Worker {
    constructor(file: string | URL, options?: workerThreads.WorkerOptions) {
      super(file, completed(options, inherited) as workerThreads.WorkerOptions);
    }
  };
}

function splitPair(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=', 1);
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

/** Options with a complete environment where they bring one of their own; anything else as it is. */
function completed(options: unknown, inherited: Variables): unknown {
  if (typeof options !== 'object' || options === null || !('env' in options)) return options;
  if (typeof options.env !== 'object' || options.env === null) return options;
  return { ...options, env: withInherited(options.env as Variables, inherited) };
}
