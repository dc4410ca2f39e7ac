import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package.js';

/** Folders whose files documents name by their path from the root. */
const folders = ['.ci', 'bench', 'datasets', 'docs', 'native', 'src', 'tests'];

const documents = [
  ...[
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'README.md',
    'bench/README.md',
    'datasets/README.md',
  ],
  ...readdirSync(join(packageRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
];

const textOf = (document: string): string => readFileSync(join(packageRoot, document), 'utf8');

/** What stands between back-quotes, in blocks of code too. */
function codeOf(text: string): string[] {
  const blocks = /^```.*?^```/gmsu;
  const spans = text.replaceAll(blocks, '').match(/`[^`]+`/gu) ?? [];
  return [...spans.map((span) => span.slice(1, -1)), ...(text.match(blocks) ?? [])];
}

/** The words of code that begin with a folder of this repository; a pattern or a placeholder in capitals is none. */
function pathsOf(text: string): string[] {
  return codeOf(text)
    .flatMap((code) => code.split(/[\s()"':,]+/u))
    .filter((word) => folders.some((folder) => word.startsWith(`${folder}/`)))
    .filter((word) => !/[*<>{}…]|[A-Z]{4}(?!\.md)/u.test(word))
    .map((word) => word.replace(/[.;]$/u, ''));
}

/** Where the links of a text lead that are none to the web: path and anchor. */
function linksOf(text: string): { path: string; anchor: string | undefined }[] {
  return [...text.matchAll(/\]\((?!https?:)(?<path>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)/gu)].map(
    ({ groups }) => ({ path: groups?.['path'] ?? '', anchor: groups?.['anchor'] }),
  );
}

/** The anchors that GitHub gives to the headings of a text. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (?<heading>.+)$/gmu)].map(({ groups }) =>
    (groups?.['heading'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const { files } = JSON.parse(textOf('package.json')) as { files: readonly string[] };

/** Whether a path from the root is part of the packed package; npm takes these three by themselves. */
const isPacked = (path: string): boolean =>
  [...files, 'LICENSE', 'README.md', 'package.json'].some(
    (packed) => path === packed || path.startsWith(`${packed}/`),
  );

describe.each(documents)('%s', (document) => {
  const text = textOf(document);

  // The changelog tells of what was, too.
  it.skipIf(document === 'CHANGELOG.md')('names no file that is not there', () => {
    expect(pathsOf(text).filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
  });

  it('has no link that leads nowhere', () => {
    const broken = linksOf(text).filter(({ path, anchor }) => {
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(packageRoot, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.runIf(isPacked(document))('has no link that leads nowhere in the packed package', () => {
    const targets = linksOf(text).map(({ path }) => (path === '' ? document : join(dirname(document), path)));
    expect(targets.filter((target) => !isPacked(target))).toEqual([]);
  });
});

it('finds paths and links in what is written', () => {
  const text =
    'See `src/base/errors.ts` and `npx vitest run tests/unit/gone.test.ts`, [there](bench/README.md#a-job).';
  expect(pathsOf(text)).toEqual(['src/base/errors.ts', 'tests/unit/gone.test.ts']);
  expect(linksOf(text)).toEqual([{ path: 'bench/README.md', anchor: 'a-job' }]);
  expect(anchorsOf('# One\n\n## A job, `here`\n')).toEqual(['one', 'a-job-here']);
});
