/** One transformer for every suite; the ES-module-only packages are transformed too, because Jest loads CommonJS. */
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
  },
];
const esmOnly = ['@noble', 'cborg', 'commander', 'jose', 'listr2', 'fast-check'].join('|');

/** @param {string} name @param {string} folder @param {object} [more] */
const suite = (name, folder, more = {}) => ({
  displayName: name,
  rootDir: __dirname,
  testMatch: [`<rootDir>/test/${folder}/**/*.test.ts`],
  testEnvironment: 'node',
  transform: { '\\.(ts|js|mjs)$': swc },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly})/)`],
  // cborg offers itself to `import` alone, while Jest loads CommonJS.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', '^cborg$': '<rootDir>/node_modules/cborg/cborg.js' },
  ...more,
});

/** Suites that run the real thing: compiled programs, processes, ports; each test file has a network of its own. */
const real = {
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.cjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/patience.cjs'],
};

module.exports = {
  projects: [
    suite('architecture', 'architecture'),
    suite('unit', 'unit'),
    suite('property', 'property'),
    suite('contract', 'contract'),
    suite('conformance', 'conformance', real),
    suite('e2e', 'e2e', real),
    suite('browser', 'browser', real),
  ],
};
