import { importsOf, parts, readHiddenImports, readImports, readSource, sourcesOf } from '../support/source-tree.js';

/** Who may import whom, as design.md has it. A path narrows the permission; `:types` allows what vanishes at run time. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  proof: ['domain'],
  chaincode: ['domain', 'proof/merkle'],
  network: [],
  gateway: ['domain', 'proof'],
  web: ['domain', 'proof', 'gateway/openapi:types'],
  cli: ['domain', 'proof', 'network/manager', 'network/fsck', 'network/plan:types', 'gateway/openapi:types'],
  scripts: ['domain', 'proof', 'network', 'gateway', 'cli', 'test/support'],
};

const FABRIC_WIRE = ['@grpc/grpc-js', '@hyperledger/fabric-protos', 'google-protobuf'];

/** The outside packages of each part; every other one needs an ADR and a line here. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  proof: [
    '@noble/curves',
    '@noble/hashes',
    '@peculiar/asn1-cms',
    '@peculiar/asn1-schema',
    '@peculiar/asn1-tsp',
    '@peculiar/asn1-x509',
  ],
  chaincode: ['fabric-contract-api', 'fabric-shim', '@hyperledger/fabric-protos', 'node:crypto', 'node:fs', 'winston'],
  network: [...FABRIC_WIRE, 'classic-level', '@peculiar/x509', 'express', 'reflect-metadata', 'yaml', 'zod', 'node:*'],
  gateway: [
    ...['express', 'helmet', 'pino', 'express-rate-limit', 'prom-client', 'jose', 'zod', 'node:*'],
    ...['@hyperledger/fabric-gateway', ...FABRIC_WIRE],
    ...['@peculiar/asn1-cms', '@peculiar/asn1-schema', '@peculiar/asn1-tsp', '@peculiar/asn1-x509'],
    ...['ajv', 'csv-stringify', 'yaml', 'pdfkit', 'qrcode', '@expo-google-fonts/noto-sans-sc'],
  ],
  web: [
    'react',
    'react-dom',
    'react-router',
    'antd',
    '@ant-design/icons',
    '@mdn/browser-compat-data',
    '@tanstack/react-query',
    '@noble/hashes',
    'eventsource-parser',
    'fflate',
    'idb',
    'jsqr',
    'oauth4webapi',
  ],
  cli: ['commander', 'listr2', 'cli-progress', 'jose', 'node:*'],
  scripts: ['@grpc/grpc-js', 'classic-level', 'node:*'],
};

/**
 * Packages that one place of a part keeps to itself: Fabric is spoken in gateway/ledger alone, and of the chaincode
 * only the server that starts it, never a contract, reads a file.
 */
const ONLY_IN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['@hyperledger/fabric-gateway', ...FABRIC_WIRE].map((name) => [`gateway ${name}`, 'gateway/ledger/']),
  ),
  'network express': 'network/ca/service/',
  'scripts @grpc/grpc-js': 'scripts/bench-floor.ts',
  'scripts classic-level': 'scripts/bench-floor.ts',
  'web @mdn/browser-compat-data': 'web/oldest-chromium.mjs',
  'chaincode node:fs': 'chaincode/server.ts',
  'chaincode winston': 'chaincode/quiet-logs.ts',
};

const present = Object.keys(MAY_IMPORT).filter((part) => sourcesOf(part).length > 0);

/** `node:fs` of `node:fs/promises`, `@scope/name` of `@scope/name/deep/path`. */
function packageOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Of outside packages the checker uses what reads the disk, not what reads Fabric's messages. */
function isForChecker(target: string): boolean {
  return target.startsWith('node:') || target === 'classic-level';
}

function allows(permission: string, target: string, typeOnly: boolean): boolean {
  const [path = '', kind] = permission.split(':');
  return (target === path || target.startsWith(`${path}/`)) && (kind !== 'types' || typeOnly);
}

describe('the walls between the parts', () => {
  test('every part at the root stands in both tables', () => {
    expect(parts().filter((part) => !(part in MAY_IMPORT) || !(part in PACKAGES))).toEqual([]);
    expect(present.length).toBeGreaterThanOrEqual(3);
  });

  test.each(present)('%s imports only the parts that it may', (part) => {
    const permissions = [part, ...(MAY_IMPORT[part] ?? [])];
    const strays = importsOf(part)
      .filter(({ relative }) => relative)
      .filter(({ target, typeOnly }) => !permissions.some((permission) => allows(permission, target, typeOnly)))
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(strays).toEqual([]);
  });

  test.each(present)('%s uses only its own outside packages', (part) => {
    const allowed = PACKAGES[part] ?? [];
    const strays = importsOf(part)
      .filter(({ relative }) => !relative)
      .filter(({ file, target }) => {
        const name = packageOf(target);
        const known = allowed.includes(name) || (target.startsWith('node:') && allowed.includes('node:*'));
        return !known || !file.startsWith(ONLY_IN[`${part} ${name}`] ?? '');
      })
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(strays).toEqual([]);
  });

  test('network/fsck shares no code with what it checks', () => {
    const strays = importsOf('network')
      .filter(({ file }) => file.startsWith('network/fsck/'))
      .filter(({ target, relative }) => (relative ? !target.startsWith('network/fsck/') : !isForChecker(target)))
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(strays).toEqual([]);
  });

  test('every outside package is a dependency that is installed with the product, or built into its pages', () => {
    type Packages = Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const { dependencies, devDependencies } = JSON.parse(readSource('package.json')) as Packages;
    const missing = present
      .flatMap(importsOf)
      .filter(({ relative, target }) => !relative && !target.startsWith('node:'))
      .filter(({ target }) => !(packageOf(target) in dependencies))
      .filter(({ file, target }) => !(file.startsWith('web/') && packageOf(target) in devDependencies))
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(missing).toEqual([]);
  });

  test('nothing but scripts imports scripts', () => {
    const users = parts()
      .filter((part) => part !== 'scripts')
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('scripts/'));
    expect(users).toEqual([]);
  });

  test.each(present)('%s names every module that it loads', (part) => {
    expect(sourcesOf(part).flatMap((file) => readHiddenImports(file, readSource(file)))).toEqual([]);
  });
});

describe('the walker itself', () => {
  const text = [
    "import a from './a.js'; import { type B } from '../two/b.js'; import type { C } from '../two/c.js';",
    "import './d.js'; export { e } from './e.js'; export * from '@scope/name/deep';",
    "const f = require('./f.cjs'); const g = await import('node:fs/promises'); let h: import('./h.js').H;",
    "import i = require('./i.js'); import { j, type K } from './j.js';",
  ].join('\n');

  test('sees every form of import', () => {
    const found = readImports('one/x.ts', text).map(({ target, typeOnly }) => `${target}${typeOnly ? ' (types)' : ''}`);
    const local = ['one/a', 'one/d', 'one/e', 'one/f', 'one/h', 'one/i', 'one/j', 'two/b (types)', 'two/c (types)'];
    expect(found.sort()).toEqual(['@scope/name/deep', 'node:fs/promises', ...local]);
  });

  test('sees loaders whose module is hidden', () => {
    const hidden = 'require(name);\nimport(`./${name}.js`);\nrequire("./known.js");\ncreateRequire(here)("x");';
    expect(readHiddenImports('x.ts', hidden)).toEqual(['x.ts:1', 'x.ts:2', 'x.ts:4']);
  });
});
