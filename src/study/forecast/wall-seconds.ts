import { at } from '../../base/at.js';

/**
 * When the last of some runs ends, each on one core, where the core that is free first takes the next run: list scheduling (Graham 1966).
 *
 * @param runs seconds of each, in the order in which they begin
 * @param cores at least 1
 */
export function wallSeconds(runs: readonly number[], cores: number): number {
  const freeAt = new Array<number>(cores).fill(0);
  for (const seconds of runs) {
    const core = freeAt.indexOf(Math.min(...freeAt));
    freeAt[core] = at(freeAt, core) + seconds;
  }
  return Math.max(...freeAt);
}
