import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** The other end of a connection, as the kernel's tables have it. */
export interface KernelSocket {
  /** The user whose program made it. */
  readonly uid: number;
  /** 0 once its program has closed it. */
  readonly inode: number;
}

/** Finds the other end of a connection between two programs on this machine. */
export type FindOtherEnd = (socket: Socket) => KernelSocket | undefined;

/**
 * Reads the kernel's tables of connections (Linux kernel documentation, networking/proc_net_tcp) once, to find any
 * number of connections in. On other systems there are none, and nothing is found.
 */
export async function readSocketTables(): Promise<FindOtherEnd> {
  return finderIn(await Promise.all(TABLES.map((path) => readFile(path, 'utf8').catch(() => ''))));
}

/** Reads the same tables at once, before the program at the other end can close the connection any further. */
export function readSocketTablesSync(): FindOtherEnd {
  return finderIn(TABLES.map(textOf));
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function finderIn(tables: readonly string[]): FindOtherEnd {
  const sockets = new Map<string, KernelSocket>();
  for (const fields of tables.flatMap(rowsOf)) {
    const [, local = '', remote = ''] = fields;
    const found = { uid: Number(fields[7]), inode: Number(fields[9]) };
    sockets.set(`${withoutPrefix(local)} ${withoutPrefix(remote)}`, found);
  }
  return ({ localAddress, localPort, remoteAddress, remotePort }) =>
    sockets.get(`${printed(remoteAddress, remotePort)} ${printed(localAddress, localPort)}`);
}

/** Everything that a process has open, as links; empty when it has ended, or is another user's. */
export async function openLinksOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}

/** The link by which a process has a socket open. */
export function linkTo({ inode }: KernelSocket): string {
  return `socket:[${inode}]`;
}

function rowsOf(table: string): readonly (readonly string[])[] {
  return table.split('\n').map((line) => line.trim().split(/\s+/));
}

/** An IPv4 address at a socket for both families: the kernel prints it with this, Node with `::ffff:`. */
const MAPPED = /^0{16}FFFF0000/;

function withoutPrefix(end: string): string {
  return end.replace(MAPPED, '');
}

/** An IPv4 address and a port as the kernel prints them: the address as a number of this machine's, which is little-endian. */
function printed(address = '', port = 0): string {
  const bytes = address.replace('::ffff:', '').split('.').map(Number).toReversed();
  return `${Buffer.from(bytes).toString('hex')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}
