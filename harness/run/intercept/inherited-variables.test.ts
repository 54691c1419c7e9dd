import { describe, expect, it } from 'vitest';
import { withInherited, withOptions } from './inherited-variables.ts';

describe('an environment that a child is given', () => {
  it('gets what it lacks, and keeps what it has', () => {
    const env = withInherited(
      { PATH: '/bin', HTTPS_PROXY: 'its own' },
      { HTTPS_PROXY: 'ours', SSL_CERT_FILE: 'ours' },
    );
    expect(env).toEqual({ PATH: '/bin', HTTPS_PROXY: 'its own', SSL_CERT_FILE: 'ours' });
  });

  it('keeps its own options of Node beside ours, which are there once', () => {
    const ours = { NODE_OPTIONS: '--require="x"' };
    const once = withInherited({ NODE_OPTIONS: '--no-warnings' }, ours);
    expect(once).toEqual({ NODE_OPTIONS: '--no-warnings --require="x"' });
    expect(withInherited(once, ours)).toEqual(once);
    expect(withOptions('  ', '--a')).toBe('--a');
  });
});
