import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ManagedProcess } from '../../../network/manager/managed-process.js';
import { ManagerError } from '../../../network/manager/manager-error.js';
import { pollFor } from '../../../network/manager/poll.js';
import { isRunning } from '../../../network/manager/process-table.js';

let folder: string;
const started: ManagedProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'managed-'));
});
afterEach(async () => {
  for (const process of started.splice(0)) await process.stop(200);
  rmSync(folder, { recursive: true });
});

/** A real Node process that runs this program text. */
function program(text: string, name = 'sample'): ManagedProcess {
  const process_ = new ManagedProcess({
    name,
    command: [process.execPath, '-e', text],
    workingFolder: folder,
    runFolder: join(folder, 'run'),
  });
  started.push(process_);
  return process_;
}

const stays = `console.log('warming up'); console.log(JSON.stringify({ready:true, port:7})); setInterval(()=>{}, 1000);`;

test('a started process is ready with what its ready line said, and runs', async () => {
  const sample = program(stays);
  const { pid, ready } = await sample.start(10_000);
  expect(ready).toEqual({ ready: true, port: 7 });
  expect(isRunning(pid, [process.execPath, '-e', stays])).toBe(true);
  expect(sample.pid).toBe(pid);
});

test('starting twice is one process, also for another command that knows only the folder', async () => {
  const first = await program(stays).start(10_000);
  const second = await program(stays).start(10_000);
  expect(second).toEqual(first);
  expect(program(stays).find()).toEqual(first);
});

test('stopping ends it, tells that one ran, and is harmless twice', async () => {
  const sample = program(stays);
  const { pid } = await sample.start(10_000);
  expect(await sample.stop()).toBe(true);
  expect(isRunning(pid, [process.execPath, '-e', stays])).toBe(false);
  expect(await sample.stop()).toBe(false);
  expect(sample.find()).toBeUndefined();
});

test('a process that ignores the polite signal is ended with its children', async () => {
  const child = `setInterval(()=>{},1000)`;
  const deaf = program(
    `process.on('SIGTERM', ()=>{});
     const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
     console.log(JSON.stringify({ready:true, child:c.pid})); setInterval(()=>{}, 1000);`,
  );
  const { ready } = await deaf.start(10_000);
  await deaf.stop(200);
  expect(deaf.pid).toBeUndefined();
  const gone = () => (isRunning(Number(ready.child), [process.execPath, '-e', child]) ? undefined : true);
  expect(await pollFor(5_000, gone)).toBe(true); // The system ends the group in no certain order.
});

test('a process that ends early gives its own code and words, and where its log is', async () => {
  const sample = program(
    `console.error(JSON.stringify({error:{code:'DISK_FULL', message:'no room'}})); process.exit(1)`,
  );
  const failure = await sample.start(10_000).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ManagerError);
  expect(failure).toMatchObject({
    code: 'PROCESS_FAILED',
    details: { process: 'sample', code: 'DISK_FULL', reason: 'no room', log: sample.logFile },
  });
});

test('a process that ends without such a line gives its last words', async () => {
  const failure = await program(`console.log('first'); console.log('last words')`)
    .start(10_000)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'PROCESS_FAILED', details: { reason: 'last words' } });
});

test('a program that does not exist is refused at once', async () => {
  const absent = new ManagedProcess({
    name: 'absent',
    command: [join(folder, 'no-such-program')],
    workingFolder: folder,
    runFolder: join(folder, 'run'),
  });
  await expect(absent.start(1_000)).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
});

test('a process that never gets ready is ended', async () => {
  const slow = program(`console.log('thinking'); setInterval(()=>{}, 1000)`);
  await expect(slow.start(600)).rejects.toMatchObject({ code: 'PROCESS_TIMEOUT' });
  expect(slow.pid).toBeUndefined();
});

test('a pid file whose id now belongs to another program counts for nothing', async () => {
  const sample = program(stays);
  await sample.start(10_000);
  const pidFile = join(folder, 'run', 'sample.pid');
  const file = JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number };
  await sample.stop();
  writeFileSync(pidFile, JSON.stringify({ ...file, pid: process.pid }));
  expect(sample.pid).toBeUndefined();
  expect(await sample.stop()).toBe(false); // And this very test process was not signalled.
});

test('a ready line of an earlier run in the same log is not taken for the present one', async () => {
  const file = join(folder, 'flag');
  const text = `const first = !require('fs').existsSync(${JSON.stringify(file)});
    require('fs').writeFileSync(${JSON.stringify(file)}, '');
    console.log(JSON.stringify({ready:true, first})); setInterval(()=>{}, 1000);`;
  const sample = program(text);
  expect((await sample.start(10_000)).ready.first).toBe(true);
  await sample.stop();
  expect((await sample.start(10_000)).ready.first).toBe(false);
});

test('a plan that does not know the parameters finds the process, one of a copied folder does not', async () => {
  const { pid } = await program(stays).start(10_000);
  expect(program('').pid).toBe(pid);
  const copy = mkdtempSync(join(tmpdir(), 'managed-copy-'));
  cpSync(folder, copy, { recursive: true });
  const plan = { name: 'sample', command: [process.execPath, '-e', stays], workingFolder: copy } as const;
  const copied = new ManagedProcess({ ...plan, runFolder: join(copy, 'run') });
  expect(copied.pid).toBeUndefined();
  expect(await copied.stop()).toBe(false);
  expect(isRunning(pid, [process.execPath, '-e', stays])).toBe(true);
  rmSync(copy, { recursive: true });
});
