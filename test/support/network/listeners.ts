import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** `0100007F` and its IPv6 form: 127.0.0.1 as /proc/net/tcp and tcp6 write it. */
const loopback = new Set(['0100007F', '0000000000000000FFFF00000100007F']);
const listening = '0A';

/**
 * TCP listeners of processes that other machines could reach, as /proc/net/tcp writes their addresses. Linux only.
 * @param pids of processes that run. @returns empty where all of them listen on 127.0.0.1
 */
export function foreignListeners(pids: readonly number[]): string[] {
  const own = new Set(pids.flatMap(socketsOf));
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode = '']) => state === listening && own.has(inode))
      .map(([, address = '']) => address)
      .filter((address) => !loopback.has(address.split(':')[0] ?? '')),
  );
}

/** Inodes of a process's sockets. @throws the file system's error where no such process runs */
function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // Closed in the meantime.
    }
  });
}
