import type { Socket } from 'node:net';
import { linkTo, openLinksOf, readSocketTables } from '../../kernel-sockets.ts';
import { processesWith } from '../../processes.ts';

/**
 * Tells whether the other end of a connection on loopback belongs to a process of this user that has a variable in
 * its environment. On Linux only: elsewhere a socket does not lead to its process, and the answer is no.
 *
 * Only processes of this user are looked at. Another user must not decide what is read, or how long that takes.
 * @param variable - `NAME=value`
 */
export async function isConnectedByProcessWith(variable: string, socket: Socket): Promise<boolean> {
  const uid = process.getuid?.();
  if (uid === undefined) return false;
  const found = (await readSocketTables())(socket);
  // A socket that its program has closed has no number any more.
  if (found === undefined || found.uid !== uid || found.inode === 0) return false;
  for (const pid of await processesWith(variable, { uid })) {
    if ((await openLinksOf(pid)).includes(linkTo(found))) return true;
  }
  return false;
}
