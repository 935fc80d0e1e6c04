import { createServer } from 'node:net';

import { allocatePorts, isFree, PORT_FIRST, PORT_LAST } from '../../../network/manager/ports.js';

test('ports are different, free and below the range of outgoing connections', async () => {
  const ports = await allocatePorts(12, 'some folder');
  expect(new Set(ports).size).toBe(12);
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(PORT_FIRST);
    expect(port).toBeLessThanOrEqual(PORT_LAST);
    expect(await isFree(port)).toBe(true);
  }
});

test('the same folder gets the same ports again, another one others', async () => {
  const first = await allocatePorts(3, 'folder one');
  expect(await allocatePorts(3, 'folder one')).toEqual(first);
  expect(await allocatePorts(3, 'folder two')).not.toEqual(first);
});

test('kept ports are used again while they are free, and left where one is taken', async () => {
  const kept = (await allocatePorts(4, 'kept')).reverse();
  expect(await allocatePorts(4, 'other', kept)).toEqual(kept);
  const server = createServer().listen({ host: '127.0.0.1', port: kept[1] });
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const moved = await allocatePorts(4, 'other', kept);
    expect(moved).not.toContain(kept[1]);
    expect(new Set(moved).size).toBe(4);
    expect(moved.toSpliced(1, 1)).toEqual(kept.toSpliced(1, 1)); // Clients that know the others still find them.
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('a kept port that is let go of in time is waited for', async () => {
  const kept = await allocatePorts(2, 'released');
  const server = createServer().listen({ host: '127.0.0.1', port: kept[0] });
  await new Promise((resolve) => server.once('listening', resolve));
  setTimeout(() => server.close(), 300);
  expect(await allocatePorts(2, 'other', kept)).toEqual(kept);
});
