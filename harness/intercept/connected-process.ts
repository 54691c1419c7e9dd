import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { processesWith } from '../processes.ts';

/**
 * Tells whether the other end of a connection on loopback belongs to a process of this user that has a variable in
 * its environment. On Linux only: elsewhere a socket does not lead to its process, and the answer is no.
 *
 * Only processes of this user are looked at. Another user must not decide what is read, or how long that takes.
 * @param variable - `NAME=value`
 */
export async function isConnectedByProcessWith(variable: string, socket: Socket): Promise<boolean> {
  const { localPort, remotePort } = socket;
  const uid = process.getuid?.();
  if (localPort === undefined || remotePort === undefined || uid === undefined) return false;
  const found = await findSocket({ from: remotePort, to: localPort });
  // A socket that its program has closed has no number any more.
  if (found === undefined || found.uid !== uid || found.inode === 0) return false;
  const link = `socket:[${found.inode}]`;
  for (const pid of await processesWith(variable, { uid })) {
    if ((await linksOf(pid)).includes(link)) return true;
  }
  return false;
}

interface KernelSocket {
  readonly uid: number;
  readonly inode: number;
}

/** 127.0.0.1, as the kernel prints it; the second as a socket for both families has it. */
const LOOPBACK = ['0100007F', '0000000000000000FFFF00000100007F'];

/** Finds a socket in the kernel's tables (Linux kernel documentation, networking/proc_net_tcp). */
async function findSocket(ports: {
  readonly from: number;
  readonly to: number;
}): Promise<KernelSocket | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map(readTable));
  const [local, remote] = [ports.from, ports.to].map((port) =>
    LOOPBACK.map((address) => `${address}:${port.toString(16).toUpperCase().padStart(4, '0')}`),
  );
  for (const fields of tables.flat()) {
    if (local?.includes(fields[1] ?? '') === true && remote?.includes(fields[2] ?? '') === true)
      return { uid: Number(fields[7]), inode: Number(fields[9]) };
  }
  return undefined;
}

async function readTable(name: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(`/proc/net/${name}`, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}

/** Everything that a process has open; empty when it has ended. */
async function linksOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}
