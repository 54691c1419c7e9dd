import * as fc from 'fast-check';

/** A change to the bytes of a trace, under the name of its kind. */
export interface Mutation {
  readonly kind: string;
  apply(trace: Buffer): Buffer;
}

/** What no recorder writes in the place of a value. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  '',
  'x',
  '-1',
  '9'.repeat(400),
  'accepted',
  'rejected',
  'faulted',
  'EAPI:Invalid nonce',
  'no-lock\u0000\u001b[2J\u202e',
  '\ud800',
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  ['no-overlap'],
  ['nonce-reused', 'no-such-rule'],
  [],
  {},
  { kind: 'order', ids: ['OTHER'] },
  { __proto__: null, constructor: 1 },
  [{ digest: 'd', likeness: 'l', id: 'OTHER' }],
];

const FIELDS: readonly string[] =
  `seq account key method nonce nonceParsed arrivedNs committedNs departedNs repliedNs outcome error violations fault
  effect tag clientRef intents shows replyLost duplicateOf bodyDigest header footer end __proto__ toString`.split(
    /\s+/,
  );

/** Strange bytes, to be put anywhere. */
const STRANGE_BYTES: Readonly<Record<string, Buffer>> = {
  'NUL bytes': Buffer.alloc(3),
  'invalid UTF-8': Buffer.of(0xff, 0xc0, 0x80),
  'a line end': Buffer.from('\n'),
  'a carriage return': Buffer.from('\r'),
  'a space': Buffer.from(' '),
  'a digit': Buffer.from('7'),
  'a line of deep JSON': Buffer.from(`\n${'['.repeat(200_000)}\n`),
  'a record of deep JSON': Buffer.from(`\n{"seq":${'{"seq":'.repeat(100_000)}\n`),
  'a line of 2 MiB': Buffer.from(`\n"${'x'.repeat(2 * 1024 * 1024)}"\n`),
  'another header': Buffer.from('\n{"header":{"version":1}}\n'),
  'another footer': Buffer.from(`\n{"footer":{"records":1,"sha256":"${'0'.repeat(64)}"}}\n`),
};

const place = fc.nat(1_000_000);

/** One change of any kind. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  place.map((at) => byLines('a line dropped', (lines) => lines.toSpliced(at % lines.length, 1))),
  place.map((at) => byLines('the first lines dropped', (lines) => lines.slice(1 + (at % lines.length)))),
  place.map((at) => byLines('the last lines dropped', (lines) => lines.slice(0, at % lines.length))),
  fc.tuple(place, place).map(([from, to]) => byLines('a line repeated', repeated(from, to))),
  fc.tuple(place, place).map(([a, b]) => byLines('two lines swapped', swapped(a, b))),
  place.map((at) => byBytes('cut off', (bytes) => bytes.subarray(0, at % bytes.length))),
  place.map((at) => byBytes('begun late', (bytes) => bytes.subarray(1 + (at % bytes.length)))),
  fc
    .tuple(place, fc.integer({ min: 1, max: 255 }))
    .map(([at, bits]) => byBytes('a byte changed', flipped(at, bits))),
  fc
    .tuple(place, fc.constantFrom(...Object.entries(STRANGE_BYTES)))
    .map(([at, [name, bytes]]) => byBytes(`${name} put in`, inserted(at, bytes))),
  fc
    .tuple(place, fc.constantFrom(...FIELDS), fc.constantFrom(...HOSTILE_VALUES))
    .map(([at, field, value]) => byLines(`${field} changed`, edited(at, { [field]: value }))),
  fc
    .tuple(place, fc.constantFrom(...FIELDS))
    .map(([at, field]) => byLines(`${field} taken out`, edited(at, { [field]: undefined }))),
  fc.constant(
    byBytes('Windows line ends', (bytes) => Buffer.from(bytes.toString().replaceAll('\n', '\r\n'))),
  ),
  fc.constant(byBytes('a byte order mark', (bytes) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes]))),
  fc.constant(byBytes('UTF-16', (bytes) => Buffer.from(bytes.toString(), 'utf16le'))),
  fc.constant(byBytes('emptied', () => Buffer.alloc(0))),
  fc.constant(byBytes('the file twice', (bytes) => Buffer.concat([bytes, bytes]))),
);

function byBytes(kind: string, apply: (trace: Buffer) => Buffer): Mutation {
  return { kind, apply };
}

function byLines(kind: string, apply: (lines: readonly string[]) => readonly string[]): Mutation {
  return byBytes(kind, (trace) => Buffer.from(apply(trace.toString().split(/(?<=\n)/)).join('')));
}

function repeated(from: number, to: number) {
  return (lines: readonly string[]): readonly string[] =>
    lines.toSpliced(to % (lines.length + 1), 0, lines[from % lines.length] ?? '');
}

function swapped(a: number, b: number) {
  return (lines: readonly string[]): readonly string[] => {
    const [one, other] = [a % lines.length, b % lines.length];
    return lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '');
  };
}

function flipped(at: number, bits: number) {
  return (bytes: Buffer): Buffer => {
    const place = at % bytes.length;
    return Buffer.from(bytes.with(place, (bytes[place] ?? 0) ^ bits));
  };
}

function inserted(at: number, strange: Buffer) {
  return (bytes: Buffer): Buffer => {
    const place = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, place), strange, bytes.subarray(place)]);
  };
}

function edited(at: number, changes: Readonly<Record<string, unknown>>) {
  return (lines: readonly string[]): readonly string[] => {
    const line = at % lines.length;
    const value = JSON.parse(lines[line] ?? '') as Readonly<Record<string, unknown>>;
    return lines.with(line, `${JSON.stringify({ ...value, ...changes })}\n`);
  };
}
