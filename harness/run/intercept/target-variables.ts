import { withOptions } from './inherited-variables.ts';
import type { Variables } from './inherited-variables.ts';
import { PRELOAD_SETTINGS } from './preload-settings.ts';
import type { PreloadSettings } from './preload-settings.ts';

/** A variable that no process has by chance. */
export interface EnvironmentMark {
  readonly name: string;
  readonly value: string;
}

/** Where the parts of an interception are. */
export interface InterceptionPlaces {
  /** `http://<user>:<password>@127.0.0.1:<port>`. */
  readonly proxyUrl: string;
  /** PEM: the run's authority, and whatever else the target may trust. */
  readonly trustFile: string;
  /** JKS with the same, for Java. */
  readonly javaTrustFile: string;
  readonly preloadFile: string;
  readonly mark: EnvironmentMark;
  readonly preload: Omit<PreloadSettings, 'inherited'>;
}

/** By these names programs find their proxy: curl, Go, Python, Ruby, Rust and .NET read them in one case or the other. */
const PROXY_NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];

/**
 * By these names programs find the authorities they trust: OpenSSL and Go (`SSL_CERT_FILE`), requests, curl and
 * pycurl, Node, Deno, Perl's LWP, pip and the AWS SDKs.
 */
export const TRUST_NAMES: readonly string[] = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'DENO_CERT',
  'PERL_LWP_SSL_CA_FILE',
];

const NO_PROXY = 'localhost,127.0.0.1,::1';

/** What a target, and everything that it starts, finds in its environment so that it talks to the mock. */
export function interceptionVariables(
  places: InterceptionPlaces,
  env: Readonly<Record<string, string | undefined>>,
): Variables {
  const { mark, proxyUrl, trustFile, preloadFile, preload } = places;
  const own: Variables = {
    ...inBothCases(PROXY_NAMES, proxyUrl),
    ...inBothCases(['NO_PROXY'], NO_PROXY),
    ...Object.fromEntries(TRUST_NAMES.map((name) => [name, trustFile])),
    NODE_OPTIONS: `--require=${JSON.stringify(preloadFile)}`,
    JAVA_TOOL_OPTIONS: javaOptions(places),
    // A process that is given an environment of its own is one of the run, too.
    [mark.name]: mark.value,
  };
  const settings: PreloadSettings = { ...preload, inherited: own };
  return {
    ...own,
    NODE_OPTIONS: withOptions(env['NODE_OPTIONS'], own['NODE_OPTIONS'] ?? ''),
    JAVA_TOOL_OPTIONS: withOptions(env['JAVA_TOOL_OPTIONS'], own['JAVA_TOOL_OPTIONS'] ?? ''),
    [PRELOAD_SETTINGS]: JSON.stringify(settings),
  };
}

/** Java reads no such variables, but it takes options from one. */
function javaOptions({ proxyUrl, javaTrustFile }: InterceptionPlaces): string {
  const { hostname, port } = new URL(proxyUrl);
  const properties = {
    'https.proxyHost': hostname,
    'https.proxyPort': port,
    'http.proxyHost': hostname,
    'http.proxyPort': port,
    'http.nonProxyHosts': 'localhost|127.*|[::1]',
    'javax.net.ssl.trustStore': javaTrustFile,
    'javax.net.ssl.trustStoreType': 'JKS',
  };
  return Object.entries(properties)
    .map(([name, value]) => `-D${name}="${value}"`)
    .join(' ');
}

function inBothCases(names: readonly string[], value: string): Variables {
  return Object.fromEntries(
    names.flatMap((name) => [
      [name, value],
      [name.toLowerCase(), value],
    ]),
  );
}
