import { expect, it } from 'vitest';
import { runRounds } from '../../../src/bench/rounds.js';

it('gives everyone one turn a round and begins each round with another one', async () => {
  const turns: string[] = [];
  const rounds: number[] = [];
  const take = (name: string) => () => Promise.resolve(turns.push(name));
  await runRounds([take('a'), take('b'), take('c')], 4, { onRound: (round) => rounds.push(round) });
  expect(turns.join('')).toBe('abcbcacababc');
  expect(rounds).toEqual([1, 2, 3, 4]);
});

it('ends at once when the signal fires, and with what a turn throws', async () => {
  const controller = new AbortController();
  let turns = 0;
  const turn = () => {
    if (++turns === 2) controller.abort();
    return Promise.resolve();
  };
  await expect(runRounds([turn, turn], 5, { signal: controller.signal })).rejects.toThrow(/aborted/);
  expect(turns).toBe(2);
  await expect(runRounds([() => Promise.reject(new Error('no'))], 5)).rejects.toThrow('no');
});
