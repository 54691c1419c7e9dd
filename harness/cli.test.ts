import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('ends quietly, and not with status 0, when nobody reads its output any more', async () => {
  const program = fileURLToPath(new URL('./cli.ts', import.meta.url));
  const args = [
    '--import',
    import.meta.resolve('tsx'),
    program,
    'explore',
    '--budget',
    '20',
    '--threads',
    '1',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  expect(status).toBe(141);
  expect(stderr).not.toMatch(/\n\s+at /);
});
