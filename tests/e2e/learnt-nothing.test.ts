import { expect, it } from 'vitest';
import type { TrainResult } from '../../src/training/run.js';
import { expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
await place.write('learnable.tsv', learnable(400));
const options = ['--train', 'learnable.tsv', '--preset', 'paper', '--size', 'small', '--threads', '1'];
const wild = [...options, '--lr', '1000'];

/** Texts whose fifth word tells their class. */
function learnable(count: number): string {
  const words = 'lovely awful great poor excellent bad'.split(' ');
  const lines = Array.from({ length: count }, (_, row) => {
    const adjective = words[row % 6] ?? '';
    return `the meal number ${(row * 7919) % 1000} was ${adjective} and long\t${row % 2 === 0 ? 'pos' : 'neg'}\n`;
  });
  return lines.join('');
}

function codesOf({ warnings }: { readonly warnings?: TrainResult['warnings'] | undefined }): string[] {
  return (warnings ?? []).map(({ code }) => code);
}

it('says that the selected epoch is worse than the untrained model, in the log, the report, run.json and --json', async () => {
  const shown = await place.run('train', ...wild, '--epochs', '3', '--out', 'shown');
  expect(shown.code).toBe(0);
  const said =
    /warning:? +epoch \d, the selected one, is no better than the untrained model: .* Try a smaller --lr \(it was 1000/;
  expect(shown.stderr).toMatch(said);
  expect(shown.stdout).toMatch(said);

  const result = await place.json<TrainResult>('train', ...wild, '--epochs', '3', '--out', 'told');
  expect(codesOf(result)).toEqual(expect.arrayContaining(['WORSE_THAN_UNTRAINED', 'WORSE_THAN_PRIOR']));
  const record = await place.record('told');
  expect(record.warnings).toEqual(result.warnings);
  const { withoutLearning } = record.result ?? {};
  expect(withoutLearning?.untrainedLoss).toBeLessThan(result.best.validLoss);
  expect(withoutLearning?.priorLoss).toBeCloseTo(Math.log(2), 9);
  expect(withoutLearning).toMatchObject({ majorityAccuracy: 0.5, majorityLabel: 'neg' });
});

it('says so of a run whose loss fell by next to nothing', async () => {
  const still = ['--lr', '1e-9', '--epochs', '3', '--out', 'still'];
  const { warnings } = await place.json<TrainResult>('train', ...options, ...still);
  expect(warnings.map(({ code }) => code)).toContain('WORSE_THAN_UNTRAINED');
  expect(warnings[0]?.message).toMatch(
    /Try a larger --lr \(it was 1e-9, the default for this data is 0\.001\), more --epochs \(it ran 3\)/,
  );
});

it('says that the validation data has one class, not that nothing beats always answering it', async () => {
  const others = learnable(500).split('\n').slice(400);
  const positive = others.filter((line) => line.endsWith('pos'));
  await place.write('single.tsv', `${positive.join('\n')}\n`);
  const single = ['--valid', 'single.tsv', '--epochs', '8', '--out', 'single'];
  const result = await place.json<TrainResult>('train', ...options, ...single);
  expect(codesOf(result)).toEqual(['SINGLE_CLASS_VALIDATION']);
  expect((await place.record('single')).warnings).toEqual(result.warnings);
});

it('has nothing to say of a run that learns', async () => {
  const good = await place.run('train', ...options, '--epochs', '8', '--out', 'good');
  expect(good).toMatchObject({ code: 0 });
  expect(`${good.stdout}${good.stderr}`).not.toMatch(/warning/);
  expect((await place.record('good')).warnings).toEqual([]);
});

it('ends training that diverges, with a result; interrupted and resumed, with the same', async () => {
  const diverging = [...options, '--lr', '1e6', '--epochs', '40', '--patience', '40'];
  const whole = await place.json<TrainResult>('train', ...diverging, '--out', 'diverged');
  expect(codesOf(whole)[0]).toBe('DIVERGED');
  expect(whole.warnings[0]?.message).toMatch(/ended after epoch 9 of 40: .*Try a smaller --lr/);
  const losses = async (run: string): Promise<unknown[]> =>
    (await place.text(run, 'history.jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { trainLoss: number | null; validLoss: number })
      .map(({ trainLoss, validLoss }) => [trainLoss, validLoss]);
  expect(await losses('diverged')).toHaveLength(10);

  const command = place.start('train', ...diverging, '--out', 'stopped');
  expect((await command.stopped('SIGINT', 'epoch 4/40')).code).toBe(130);
  const resumed = await place.json<TrainResult>('train', '--resume', 'stopped');
  expect(resumed.warnings).toEqual(whole.warnings);
  expect(await losses('stopped')).toEqual(await losses('diverged'));
  expect((await place.record('stopped')).warnings).toEqual(whole.warnings);
});

it('says what to try where numbers leave their range', async () => {
  const wildest = ['--lr', '1e6', '--embedding-range', '1e30', '--regime', 'vanilla', '--clip-norm', '0'];
  const outcome = await place.run('train', ...options, ...wildest, '--out', 'nowhere', '--json');
  expectError(outcome, 1, 'NOT_FINITE', /^/, /smaller learning rate \(--lr\)/);
});
