import { inspect } from 'node:util';

/** A credential as targets may print it: what the spelling is called, and the text. */
export type Spelled = readonly [name: string, text: string];

/** Every form of a base64 credential that must not reach a file. */
export function spellingsOf(credential: string): readonly Spelled[] {
  const bytes = Buffer.from(credential, 'base64');
  const unicode = (text: string): string => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const url = encodeURIComponent(credential);
  const hex = bytes.toString('hex');
  return [
    ['it is', credential],
    ['base64 without padding', credential.replace(/=+$/, '')],
    ['base64url', bytes.toString('base64url')],
    ['hexadecimal', hex],
    ['hexadecimal in capitals', hex.toUpperCase()],
    ['hexadecimal of its characters', Buffer.from(credential).toString('hex')],
    ['a dump with colons', hex.replace(/..(?=.)/g, '$&:')],
    ['a dump with spaces and line ends', hex.replace(/.{32}(?=.)/g, '$&\n').replace(/..(?=.)/g, '$& ')],
    ['a dump of four bytes a line, in a string', hex.replace(/.{8}(?=.)/g, String.raw`$&\n`)],
    ['a list of literals', [...bytes].map((one) => `0x${one.toString(16).padStart(2, '0')}`).join(', ')],
    ['escaped bytes', [...bytes].map((one) => `\\x${one.toString(16).padStart(2, '0')}`).join('')],
    ['a list of numbers', [...bytes].join(',')],
    ['a list of signed numbers', [...new Int8Array(bytes)].join(', ')],
    ['an inspected array', inspect(new Uint8Array(bytes)).slice(16, -2)],
    [
      'an inspected array in a string',
      inspect(new Uint8Array(bytes))
        .slice(16, -2)
        .replaceAll('\n', String.raw`\n`),
    ],
    ['a list in JSON, indented', JSON.stringify([...bytes], null, 2).slice(1, -1)],
    ['JSON by PHP', credential.replaceAll('/', String.raw`\/`)],
    ['JSON in JSON by PHP', credential.replaceAll('/', String.raw`\\\/`)],
    ['JSON by Go and Python', credential.replaceAll(/[+/=]/g, unicode)],
    [
      'JSON with escapes in capitals',
      credential.replaceAll(/[+/=]/g, (one) => unicode(one).toUpperCase().replace('U', 'u')),
    ],
    ['JSON in JSON', credential.replaceAll(/[+/=]/g, (one) => `\\${unicode(one)}`)],
    ['a URL', url],
    ['a URL in small letters', url.replaceAll(/%../g, (code) => code.toLowerCase())],
    ['a URL in a URL', encodeURIComponent(url)],
    [
      'a URL with every character encoded',
      [...credential].map((one) => `%${one.charCodeAt(0).toString(16)}`).join(''),
    ],
    ['a form field that was decoded twice', credential.replaceAll('+', ' ')],
    ['HTML', credential.replaceAll(/[+/=]/g, (one) => `&#${one.charCodeAt(0)};`)],
    ['XML', credential.replaceAll(/[+/=]/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`)],
    ...[20, 64, 76].flatMap((columns) =>
      ['\n', '\r\n', '\n    ', String.raw`\n`, String.raw`\r\n`].map((end): Spelled => [
        `lines of ${columns} that end in ${JSON.stringify(end)}`,
        credential.replace(new RegExp(`.{${columns}}(?=.)`, 'g'), `$&${end}`),
      ]),
    ),
    ['base64 of it', Buffer.from(credential).toString('base64')],
    ['HTTP Basic after a name of three letters', Buffer.from(`bot:${credential}`).toString('base64')],
    ['HTTP Basic after a name of four letters', Buffer.from(`user:${credential}`).toString('base64')],
  ];
}

/** Every form of a signature that a redactor finds without knowing it. */
export function signatureSpellings(signature: string): readonly Spelled[] {
  const unpadded = signature.replace(/=+$/, '');
  const bytes = Buffer.from(signature, 'base64');
  const forms: readonly Spelled[] = [
    ['base64', signature],
    ['base64 without padding', unpadded],
    ['base64url', bytes.toString('base64url')],
    ['base64url with padding', signature.replaceAll('+', '-').replaceAll('/', '_')],
    ['hexadecimal', bytes.toString('hex')],
    ['hexadecimal in capitals', bytes.toString('hex').toUpperCase()],
  ];
  return [
    ...forms,
    ['a URL', encodeURIComponent(signature)],
    ['a URL without padding', encodeURIComponent(unpadded)],
    ['JSON by PHP, without padding', unpadded.replaceAll('/', String.raw`\/`)],
    ...[64, 76].flatMap((columns) =>
      ['\n', '\r\n', '\n  ', String.raw`\n`, String.raw`\r\n`].flatMap((end) =>
        forms.map(([name, text]): Spelled => [
          `${name} in lines of ${columns} that end in ${JSON.stringify(end)}`,
          text.replace(new RegExp(`.{${columns}}(?=.)`, 'g'), `$&${end}`),
        ]),
      ),
    ),
  ];
}
