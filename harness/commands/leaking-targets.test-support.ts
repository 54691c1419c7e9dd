/**
 * Programs that do with their credentials whatever must not reach the evidence: print them in every spelling (those
 * that stand in the file of their first argument, and those of their language's own tools), send them in every field
 * of a request, and die with them in a stack trace. Their signatures they print in every form that is found without
 * knowing it, and write into the file `signatures`, a line each, for the test to look for.
 */
export interface LeakingTarget {
  /** The program that runs it; the test of a target whose program is missing is skipped. */
  readonly program: string;
  readonly file: string;
  readonly source: string;
}

/** Name to target. */
export const LEAKING_TARGETS: Readonly<Record<string, LeakingTarget>> = {
  node: {
    program: 'node',
    file: 'leak.mjs',
    source: `
import { createHash, createHmac } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
const { KRAKEN_API_URL: url, KRAKEN_ACCOUNTS_FILE: file } = process.env;
const words = readFileSync(process.argv[2], 'utf8').split('\\0');
const accounts = JSON.parse(readFileSync(file, 'utf8'));
console.log(process.env, accounts, inspect(process.env));
for (const word of words) { console.log(word); console.error('at ' + word + ': failed'); }
let nonce = BigInt(Date.now()) * 1000000n;
async function call({ apiKey, apiSecret }, { method = 'AddOrder', wrongNonce, ...params }) {
  nonce += 1n;
  const path = '/0/private/' + method;
  const body = new URLSearchParams({ nonce: wrongNonce ?? String(nonce), ...params }).toString();
  const digest = createHash('sha256').update((wrongNonce ?? nonce) + body).digest();
  const sign = createHmac('sha512', Buffer.from(apiSecret, 'base64')).update(path).update(digest).digest('base64');
  const url = process.env.KRAKEN_API_URL + path;
  console.log('curl', '-H', 'API-Sign: ' + sign, url, JSON.stringify({ sign, body }), encodeURIComponent(sign), Buffer.from(sign, 'base64').toString('hex'));
  appendFileSync('signatures', sign + '\\n');
  for (const form of ['base64', 'base64url', 'hex']) {
    const text = Buffer.from(sign, 'base64').toString(form);
    for (const one of [text, text.replace(/=+$/, ''), ...[64, 76].map((n) => text.replace(new RegExp('.{' + n + '}(?=.)', 'g'), '$&\\n'))]) {
      console.log(one);
      console.error('sign: ' + JSON.stringify({ one }));
    }
  }
  const headers = { 'api-key': apiKey, 'api-sign': sign, 'content-type': 'application/x-www-form-urlencoded', 'user-agent': apiSecret };
  try { console.log(await (await fetch(url, { method: 'POST', body, headers })).text()); } catch (error) { console.error(error); }
}
const order = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', volume: '1', price: '1' };
for (const account of accounts) {
  const { apiKey, apiSecret } = account;
  for (const word of [apiKey, apiSecret, Buffer.from(apiSecret, 'base64').toString('hex')]) {
    await call(account, { ...order, nonceproof_call: word, cl_ord_id: word, userref: word });
    await call(account, { method: encodeURIComponent(word), nonceproof_call: apiSecret + word });
    await call(account, { method: 'Balance', wrongNonce: word, [word]: word });
  }
}
const { apiKey, apiSecret } = accounts[0];
const cause = Object.assign(new Error('no funds for ' + apiSecret), { apiKey, bytes: Buffer.from(apiSecret, 'base64') });
throw new Error('cannot go on: ' + apiKey, { cause });
`,
  },
  python: {
    program: 'python3',
    file: 'leak.py',
    source: `
import base64, binascii, hashlib, hmac, json, textwrap, os, sys, urllib.error, urllib.parse, urllib.request
words = open(sys.argv[1], newline='').read().split('\\0')
accounts = json.load(open(os.environ['KRAKEN_ACCOUNTS_FILE']))
print(os.environ, accounts)
for word in words:
    print(word)
    print(repr(word), file=sys.stderr)
signatures = open('signatures', 'a')
for one in accounts:
    signature = hmac.new(base64.b64decode(one['apiSecret']), b'/0/private/Balance', hashlib.sha512).digest()
    signatures.write(base64.b64encode(signature).decode() + '\\n')
    print(base64.encodebytes(signature).decode(), base64.urlsafe_b64encode(signature).decode().rstrip('='), signature.hex())
    for width in (64, 76):
        for text in (base64.b64encode(signature).decode(), signature.hex()):
            print('\\n'.join(textwrap.wrap(text, width)))
            print(repr(textwrap.fill(text, width)), file=sys.stderr)
    for text in (one['apiKey'], one['apiSecret']):
        data = base64.b64decode(text)
        print(repr(data), list(data), base64.encodebytes(data), binascii.hexlify(data), data.hex(' '))
        print(json.dumps(text), urllib.parse.quote(text), urllib.parse.quote_plus(text), base64.urlsafe_b64encode(data))
        for method in ('Balance', urllib.parse.quote(text, safe='')):
            body = urllib.parse.urlencode({'nonce': text, 'nonceproof_call': text, 'cl_ord_id': text, text: text}).encode()
            headers = {'API-Key': one['apiKey'], 'API-Sign': one['apiSecret'], 'User-Agent': text}
            try:
                request = urllib.request.Request(os.environ['KRAKEN_API_URL'] + '/0/private/' + method, body, headers)
                print(urllib.request.urlopen(request).read())
            except Exception as error:
                print(error, file=sys.stderr)
def place(secret):
    raise RuntimeError('cannot sign with %r' % secret)
place(accounts[0]['apiSecret'])
`,
  },
  shell: {
    program: 'sh',
    file: 'leak.sh',
    source: `
set -x
env
cat "$KRAKEN_ACCOUNTS_FILE"
tr '\\0' '\\n' < "$1"
tr '\\0' '\\n' < "$1" >&2
sign=$(head -c 64 /dev/urandom | base64 -w 0)
(set +x; echo "$sign" >> signatures)
echo
echo "$sign" | base64 -d | base64
echo "$sign" | base64 -d | base64 -w 64 >&2
echo "$sign" | tr '+/' '-_' | tr -d =
echo "$sign" | base64 -d | od -An -v -tx1 | tr -d ' \\n' | fold -w 64
echo
for word in "$KRAKEN_API_KEY" "$KRAKEN_API_SECRET"; do
  printf '%s' "$word" | base64
  printf '%s' "$word" | base64 -d | od -An -tx1
  printf '%s' "$word" | base64 -d | od -An -tu1
  printf '%s' "$word" | od -An -tx1
  curl -s -m 20 -A "$word" -H "API-Key: $KRAKEN_API_KEY" -H "API-Sign: $KRAKEN_API_SECRET" \\
    --data-urlencode "nonce=$word" --data-urlencode "nonceproof_call=$word" "$KRAKEN_API_URL/0/private/Balance"
done
exit 3
`,
  },
  java: {
    program: 'java',
    file: 'Leak.java',
    source: `
import java.net.URI;
import java.net.http.*;
import java.nio.file.*;
import java.util.*;
public class Leak {
  public static void main(String[] args) throws Exception {
    for (String word : Files.readString(Path.of(args[0])).split("\\0")) { System.out.println(word); System.err.println(word); }
    Map<String, String> env = System.getenv();
    System.out.println(env);
    byte[] sign = new byte[64];
    new java.security.SecureRandom().nextBytes(sign);
    Files.writeString(Path.of("signatures"), Base64.getEncoder().encodeToString(sign) + "\\n");
    System.out.println(Base64.getMimeEncoder().encodeToString(sign) + " " + HexFormat.of().formatHex(sign));
    System.err.println(Base64.getUrlEncoder().withoutPadding().encodeToString(sign));
    for (String name : List.of("KRAKEN_API_KEY", "KRAKEN_API_SECRET")) {
      String text = env.get(name);
      byte[] data = Base64.getDecoder().decode(text);
      System.out.println(Arrays.toString(data) + HexFormat.ofDelimiter(":").formatHex(data));
      System.out.println(Base64.getMimeEncoder().encodeToString(data) + " " + Base64.getUrlEncoder().encodeToString(data));
      HttpRequest request = HttpRequest.newBuilder(URI.create(env.get("KRAKEN_API_URL") + "/0/private/Balance"))
        .header("API-Key", env.get("KRAKEN_API_KEY")).header("API-Sign", env.get("KRAKEN_API_SECRET")).header("User-Agent", text)
        .POST(HttpRequest.BodyPublishers.ofString("nonce=" + text + "&nonceproof_call=" + text)).build();
      try { System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body()); }
      catch (Exception error) { error.printStackTrace(); }
    }
    throw new IllegalStateException("cannot sign with " + env.get("KRAKEN_API_SECRET"));
  }
}
`,
  },
};
