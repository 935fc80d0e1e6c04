#!/usr/bin/env node
'use strict';
// Finds the Node that this package was written for (npm package `node`), compiles the sources where they are newer
// than dist/, and hands over. Plain JavaScript, because it must run on whatever Node the machine has.
const { spawn } = require('node:child_process');
const { existsSync, readdirSync, statSync } = require('node:fs');
const { constants } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');
const node = join(root, 'node_modules', 'node', 'bin', 'node');
const main = join(root, 'dist', 'cli', 'main.js');
const parts = ['domain', 'proof', 'chaincode', 'gateway', 'network', 'cli'];

/** Time of the newest TypeScript source below a folder, Unix milliseconds; 0 where there is none. */
function newest(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return Math.max(latest, newest(path));
    return entry.name.endsWith('.ts') ? Math.max(latest, statSync(path).mtimeMs) : latest;
  }, 0);
}

/** Runs a program in the foreground and gives its exit code to `done`; signals for this process are passed on to it. */
function run(program, parameters, options, done) {
  const child = spawn(program, parameters, options);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.on('error', (error) => {
    process.stderr.write(`yinzheng: cannot run ${program}: ${error.message}\n`);
    done(70);
  });
  child.on('exit', (code, signal) => done(signal === null ? code : 128 + constants.signals[signal]));
}

function isStale() {
  const built = existsSync(main) ? statSync(main).mtimeMs : 0;
  return parts.some((part) => newest(join(root, part)) > built);
}

function start() {
  run(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' }, (code) => process.exit(code));
}

if (!existsSync(node)) {
  process.stderr.write('yinzheng: packages are not installed; run npm ci first\n');
  process.exit(70);
}
if (isStale()) {
  process.stderr.write('yinzheng: compiling, because the sources are newer than dist/\n');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // Its output goes to standard error: standard output belongs to the command.
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  run(node, [tsc, '-p', join(root, 'tsconfig.build.json')], options, (code) =>
    code === 0 ? start() : process.exit(70),
  );
} else {
  start();
}
