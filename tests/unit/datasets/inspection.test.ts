import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openOwnData } from '../../../src/datasets/catalogue.js';
import { Inspection } from '../../../src/datasets/proof.js';
import { inspectedSplits } from '../../../src/datasets/inspection.js';
import { ModelSelector } from '../../../src/training/selection.js';
import { advError, collect, fileWith, validatedEpoch } from '../support.js';

const source = fileURLToPath(new URL('../../../src', import.meta.url));

/** What each file of src/ imports that exists when it runs: types are gone by then. */
async function importsOfAll(): Promise<Map<string, { readonly names: string; readonly from: string }[]>> {
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const entries = await Promise.all(
    files.map(async (name) => {
      const text = await readFile(join(source, name), 'utf8');
      const statements = text.matchAll(/^(?:import|export) (?!type\b)([^;']*?)\bfrom '(\.[^']*)'/gms);
      const bare = text.matchAll(/^()import '(\.[^']*)'/gm);
      const dynamic = text.matchAll(/\b()import\('(\.[^']*)'\)/g);
      const imports = [...statements, ...bare, ...dynamic].map(([, names = '', path = '']) => ({
        names,
        from: relative(source, resolve(source, dirname(name), path)).replace(/\.js$/, '.ts'),
      }));
      return [name, imports] as const;
    }),
  );
  return new Map(entries);
}

const mayInspect = (name: string): boolean => name.startsWith('inspect/');

describe('the test split', () => {
  const openWithTest = async () => {
    const [train, valid] = [await fileWith('a\tx\nb\ty\n'), await fileWith('c\tx\n')];
    return openOwnData({ train, valid, test: await fileWith('d\ty\n') }, { seed: 1 });
  };

  test('is read for an inspection, with the others', async () => {
    const splits = inspectedSplits(await openWithTest());
    expect(splits.map(({ name }) => name)).toEqual(['train', 'valid', 'test']);
    const texts = await Promise.all(
      splits.map(async ({ read }) => (await collect(read())).map(({ text }) => text)),
    );
    expect(texts).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  test('is shut to a caller without the compiler that has no Inspection', async () => {
    const { test: sealedTest } = await openWithTest();
    const refusal = advError('USAGE', /expected an Inspection/);
    const selector = new ModelSelector('loss', [validatedEpoch(1)]);
    for (const wrong of [undefined, {}, Object.create(Inspection.prototype), selector.finish()]) {
      expect(() => sealedTest?.inspect(wrong as never)).toThrow(refusal);
    }
    expect(() => sealedTest?.open(selector as never)).toThrow(advError('USAGE', /SelectedModel/));
  });

  test('takes no proof that anybody else made', () => {
    // @ts-expect-error -- its constructor is private: that this does not compile is the test
    const made = (): unknown => new Inspection();
    expect(made).toBeTypeOf('function');
    expect(Inspection.is(Object.create(Inspection.prototype))).toBe(false);
  });

  test('is inspected by describe and audit alone', async () => {
    const users = [...(await importsOfAll())]
      .filter(([, imports]) => imports.some(({ names }) => /\binspectedSplits\b/.test(names)))
      .map(([name]) => name);
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((name) => !mayInspect(name))).toEqual([]);
    const namespaces = [...(await importsOfAll())].filter(([, imports]) =>
      imports.some(({ names, from }) => names.includes('*') && from === 'datasets/inspection.ts'),
    );
    expect(namespaces).toEqual([]);
  });

  test('has its proofs made by finished selection and by inspectedSplits alone', async () => {
    const imports = [...(await importsOfAll())].flatMap(([name, list]) =>
      list.filter(({ from }) => from === 'datasets/proof.ts').map(({ names }) => ({ name, names })),
    );
    const namers = (of: RegExp): string[] =>
      imports.filter(({ names }) => of.test(names)).map(({ name }) => name);
    expect(namers(/\bmakeSelectedModel\b/)).toEqual(['training/selection.ts']);
    expect(namers(/\bmakeInspection\b/)).toEqual(['datasets/inspection.ts']);
    // Neither a namespace, an `export *`, nor a dynamic import, which could name either.
    expect(namers(/\*|^$/)).toEqual([]);
  });

  test('cannot be reached by training: it imports nothing that inspects, however indirectly', async () => {
    const imports = await importsOfAll();
    const reached = new Set<string>();
    const visit = (name: string): void => {
      if (reached.has(name)) return;
      reached.add(name);
      for (const { from } of imports.get(name) ?? []) visit(from);
    };
    for (const name of imports.keys())
      if (/^(study|training|onnx|inference|engine|bench)\//.test(name)) visit(name);
    expect(reached).toContain('datasets/sealed.ts');
    expect([...reached].filter((name) => mayInspect(name))).toEqual([]);
    expect([...reached].filter((name) => !imports.has(name))).toEqual([]);
  });
});
