import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const inspectedSplits = {
  group: ['**/inspection.js'],
  importNames: ['inspectedSplits'],
  message: 'Only describe and audit may read a test split without a selected model.',
};

const makeInspection = {
  group: ['**/proof.js'],
  importNames: ['makeInspection'],
  message: 'Only inspectedSplits() makes an Inspection.',
};

const makeSelectedModel = {
  group: ['**/proof.js'],
  importNames: ['makeSelectedModel'],
  message: 'Only finished selection makes a SelectedModel.',
};

/** The test split is open to a description and an audit of the data, and to nothing else before a model is selected. */
const provenTestSplit = [
  [['src/**/*.ts'], [inspectedSplits, makeInspection, makeSelectedModel]],
  [['src/inspect/{describe,audit}/**'], [makeInspection, makeSelectedModel]],
  [['src/datasets/inspection.ts'], [makeSelectedModel]],
  [['src/training/selection.ts'], [inspectedSplits, makeInspection]],
].map(([files, patterns]) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } }));

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'build-*/', 'node_modules/', 'runs/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  ...provenTestSplit,
  {
    files: ['**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        module: 'readonly',
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        URL: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        TextDecoder: 'readonly',
      },
    },
  },
);
