import { createHash, X509Certificate } from 'node:crypto';

const MAGIC = 0xfe_ed_fe_ed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;
/** Salt of the check sum; the password itself may be empty, for there is nothing secret in the store. */
const WHITENER = 'Mighty Aphrodite';

/**
 * A trust store as Java reads it (format JKS, as OpenJDK's `sun.security.provider.JavaKeyStore` describes it), so
 * that a program on the JVM trusts `certificates` without `keytool`.
 * @param certificates - PEM, one certificate each
 */
export function javaTrustStore(certificates: readonly string[]): Buffer {
  const entries = certificates.map((pem, i) => {
    const der = new X509Certificate(pem).raw;
    return Buffer.concat([
      uint32(TRUSTED_CERTIFICATE),
      text(`authority-${i}`),
      Buffer.alloc(8),
      text('X.509'),
      uint32(der.length),
      der,
    ]);
  });
  const body = Buffer.concat([uint32(MAGIC), uint32(VERSION), uint32(entries.length), ...entries]);
  return Buffer.concat([body, createHash('sha1').update(WHITENER).update(body).digest()]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Java's `writeUTF` for ASCII: two bytes of length, then the text. */
function text(ascii: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(ascii.length);
  return Buffer.concat([length, Buffer.from(ascii, 'ascii')]);
}
