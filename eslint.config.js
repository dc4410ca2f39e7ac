import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The folders of src/, each of which imports only from those below it; files of src/ itself are the roof. */
const floors = [
  'cli',
  'serve',
  'bench',
  'report',
  'study',
  'inspect',
  'training',
  'attacks',
  'onnx',
  'inference',
  'linear',
  'datasets',
  'corpora',
  'recipe',
  'files',
  'text',
  'engine',
  'statistics',
  'base',
];

const folder = (floor) => `./src/${floor}`;

/** Above each floor: the roof, and every floor that stands before it in the list. */
const zones = floors.map((floor, place) => ({
  target: folder(floor),
  from: ['./src/*.ts', ...floors.slice(0, place).map((above) => `${folder(above)}/**`)],
  message: 'A floor imports only from floors below it; eslint.config.js lists them.',
}));

const tower = {
  files: ['src/**/*.ts'],
  plugins: { 'import-x': importX },
  settings: {
    'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })],
    'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
  },
  rules: {
    'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
    'import-x/no-cycle': ['error', { ignoreExternal: true }],
    // What cannot be resolved escapes the two rules above.
    'import-x/no-unresolved': 'error',
  },
};

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
      // A name for a computed type: editors and errors show it in place of the computation.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  tower,
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
