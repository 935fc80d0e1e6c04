import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

import oldestChromium from './web/oldest-chromium.mjs';

export default tseslint.config(
  { ignores: ['gateway/openapi/types.ts', 'dist/', 'node_modules/', 'coverage/', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      complexity: ['error', 10],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 500 }],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['chaincode/**/*.ts'],
    // Decorator metadata needs the class at run time, so a type-only import would break contract-api's reflection.
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // What browsers run.
    files: ['web/**/*.{ts,tsx}', 'domain/**/*.ts', 'proof/**/*.ts'],
    plugins: { 'oldest-chromium': oldestChromium },
    rules: { 'oldest-chromium/known': 'error' },
  },
  { files: ['web/src/**/*.{ts,tsx}'], ...reactHooks.configs.flat['recommended-latest'] },
  {
    files: ['cli/**/*.ts', 'scripts/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
