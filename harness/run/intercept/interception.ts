import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { loadBundle } from '../../bundle.ts';
import { readOwnFile } from '../../own-file.ts';
import { createCertificates } from './certificates.ts';
import { isConnectedByProcessWith } from './connected-process.ts';
import type { Variables } from './inherited-variables.ts';
import { javaTrustStore } from './java-trust-store.ts';
import { NetworkLog } from './network-log.ts';
import type { RefusedConnection } from './network-log.ts';
import { createProxyCredentials } from './proxy-credentials.ts';
import { openProxy } from './proxy.ts';
import { explainNoTraffic } from './explain-no-traffic.ts';
import { interceptionVariables, TRUST_NAMES } from './target-variables.ts';
import type { EnvironmentMark } from './target-variables.ts';
import { openTlsAdapter } from './tls-adapter.ts';
import { trustBundle } from './trust-bundle.ts';

/** What an interception is made of. */
export interface InterceptionOptions {
  /** The mock's own door: `http://127.0.0.1:<port>`. */
  readonly mockUrl: string;
  /** A folder of this run, which only this user can read and which is removed with it. */
  readonly folder: string;
  /** The target's environment before anything is changed. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hosts other than Kraken's may be reached. Kraken's never may. */
  readonly allowNet: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** What the target's processes have in their environment, and no others. */
  readonly mark: EnvironmentMark;
}

/** Leads an unmodified program to the mock while it believes to talk to `https://api.kraken.com`. */
export interface Interception {
  /** To be put into the target's environment, over what is there. */
  readonly variables: Variables;
  /** Values in `variables` that are for the target alone. */
  readonly secrets: readonly string[];
  /** See `TlsAdapter`. */
  clientAt(port: number): Socket | undefined;
  /** Closes every socket. What it wrote is removed with the run's folder. */
  close(): Promise<void>;
  /**
   * What a reader should know of what the target did on the network, in sentences. Complete once it has ended.
   * @param calls - how many calls of any kind reached the mock
   */
  notes(calls: number): Promise<readonly string[]>;
}

/**
 * Opens the TLS door and the proxy, and writes what a target needs to find them: the authority's certificate, in
 * PEM and for Java, and the preload for Node. No private key is ever written.
 */
export async function openInterception(options: InterceptionOptions): Promise<Interception> {
  const { folder, env, allowNet, mark } = options;
  const file = (name: string): string => join(folder, name);
  const mockPort = Number(new URL(options.mockUrl).port);
  const certificates = await createCertificates(options.nowMs);
  const { authority } = certificates;
  const trusted = trustBundle({ authority, allowNet, alreadyTrusted: trustedFiles(env) });
  await Promise.all([
    writeFile(file('authority.pem'), authority),
    writeFile(file('trust.pem'), `${trusted.join('\n')}\n`),
    writeFile(file('trust.jks'), javaTrustStore(trusted)),
    writeFile(file('preload.cjs'), (await loadBundle('preload')).script),
  ]);
  const log = new NetworkLog();
  const door = await openTlsAdapter(mockPort, certificates);
  const credentials = createProxyCredentials();
  const proxy = await openProxy({
    door,
    mockPort,
    allowNet,
    log,
    credentials,
    isOfRun: (socket) => isConnectedByProcessWith(`${mark.name}=${mark.value}`, socket),
  });
  const refusedFile = file('refused.ndjson');
  const preload = { doorPort: door.port, authorityFile: file('authority.pem'), allowNet, refusedFile };
  return {
    variables: interceptionVariables(
      {
        proxyUrl: proxy.url,
        trustFile: file('trust.pem'),
        javaTrustFile: file('trust.jks'),
        preloadFile: file('preload.cjs'),
        preload,
        mark,
      },
      env,
    ),
    secrets: [credentials.password, credentials.header.replace('Basic ', '')],
    clientAt: (port) => door.clientAt(port),
    async close() {
      await Promise.all([door.close(), proxy.close()]);
    },
    async notes(calls) {
      for (const refused of await readRefused(refusedFile)) log.refused(refused);
      const { connections, handshakesFailed } = door;
      return [...log.notes(), ...explainNoTraffic({ calls, connections, handshakesFailed })];
    },
  };
}

function trustedFiles(env: InterceptionOptions['env']): readonly string[] {
  return TRUST_NAMES.flatMap((name) => {
    try {
      return env[name] === undefined ? [] : [readFileSync(env[name], 'utf8')];
    } catch {
      // The variable names nothing that can be read: the target could not have read it either.
      return [];
    }
  });
}

/** A process that is killed may leave half a line behind, and a target may write anything into a file of its run. */
async function readRefused(file: string): Promise<readonly RefusedConnection[]> {
  const text = await readOwnFile(file);
  return (text ?? '').split('\n').flatMap((line) => readRefusedLine(line));
}

const REFUSED: z.ZodType<RefusedConnection> = z.object({ host: z.string().max(300), port: z.number() });

function readRefusedLine(line: string): readonly RefusedConnection[] {
  try {
    return [REFUSED.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
