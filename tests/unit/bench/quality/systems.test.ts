import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { measuredEnd, python } from '../../../../src/bench/quality/measured-program.js';
import type { QualityPeer } from '../../../../src/bench/quality/peer.js';
import { peerSystem } from '../../../../src/bench/quality/peer-system.js';
import { PeerSplits } from '../../../../src/bench/quality/peer-splits.js';
import type { QualityTask } from '../../../../src/bench/quality/system.js';
import { catalogue } from '../../../../src/datasets/catalogue.js';
import { temporaryFolder } from '../../support.js';
import { scriptLaunch } from '../fixtures.js';

const measuring = describe.runIf(process.platform === 'linux' && existsSync(python));

measuring('a measured program', () => {
  it('has its output, exit code, time and memory', async () => {
    const folder = await temporaryFolder();
    const script = `
      const filled = Buffer.alloc(300 * 2 ** 20, 1);
      setTimeout(() => { console.log(filled.length); process.exitCode = 3; }, 200);
    `;
    const end = await measuredEnd(scriptLaunch(script), folder);
    expect(end).toMatchObject({ code: 3, output: `${300 * 2 ** 20}\n` });
    expect(end.seconds).toBeGreaterThan(0.2);
    expect(end.peakBytes).toBeGreaterThan(300 * 2 ** 20);
    expect(end.peakBytes).toBeLessThan(600 * 2 ** 20);
    expect(await readdir(folder)).toEqual([]);
  });

  it('has the time of its threads, which is not that of waiting', async () => {
    const script = `
      for (const end = performance.now() + 300; performance.now() < end; );
      await new Promise((resolve) => setTimeout(resolve, 700));
      const { user, system } = process.cpuUsage();
      console.log((user + system) / 1e6);
    `;
    const { output, seconds, cpuSeconds } = await measuredEnd(scriptLaunch(script), await temporaryFolder());
    expect(seconds).toBeGreaterThan(1);
    expect(cpuSeconds).toBeGreaterThan(Number(output) - 0.01);
    expect(cpuSeconds).toBeLessThan(Number(output) + 0.5);
  });

  it('does not count the memory of this process', async () => {
    const launch = { command: '/bin/true', args: [], environment: process.env };
    const { peakBytes } = await measuredEnd(launch, await temporaryFolder());
    expect(peakBytes).toBeLessThan(process.memoryUsage.rss() / 2);
  });

  it('is missed where it cannot be started', async () => {
    const launch = { command: '/no/such/program', args: [], environment: process.env };
    await expect(measuredEnd(launch, await temporaryFolder())).rejects.toThrow(/No such file.*no\/such/);
  });

  it('is killed when the signal fires', async () => {
    const folder = await temporaryFolder();
    const launch = scriptLaunch('setInterval(() => undefined, 1000)');
    const running = measuredEnd(launch, folder, AbortSignal.timeout(300));
    await expect(running).rejects.toThrow(/timeout/);
  });
});

measuring('a peer', () => {
  let task: QualityTask;
  /** Program calls and the files that were there. */
  let calls: string[];

  /** A peer that is sure of the first class of a text whose line has an even number, else of the second. */
  const peer = (overrides: Partial<QualityPeer> = {}): QualityPeer => ({
    name: 'fake',
    title: 'Fake',
    probe: ['/bin/true'],
    install: 'nothing',
    options: [],
    model: 'train.txt',
    scaled: true,
    learn: () => call('learn'),
    score: (_place, split) => call(split),
    read: async ({ folder }, split, classCount, output) => {
      calls.push(output.trim());
      const lines = (await readFile(join(folder, `${split}.txt`), 'utf8')).trimEnd().split('\n');
      return lines.map((_, n) => Float64Array.from({ length: classCount }, (__, c) => Number(c === n % 2)));
    },
    ...overrides,
  });

  const call = (what: string) => [
    process.execPath,
    '-e',
    `console.log('${what}', fs.readdirSync('${task.splits.folder}').join())`,
  ];

  beforeEach(async () => {
    calls = [];
    const dataset = await catalogue.open('babi-sim-6', { seed: 1, limit: 200 });
    const splits = new PeerSplits(dataset, await temporaryFolder());
    const source = { name: 'babi-sim-6', trainArguments: [], open: () => Promise.resolve(dataset) };
    const folder = await temporaryFolder();
    task = { source, splits, seed: 1, threads: 1, folder, signal: undefined, onErrors: () => undefined };
  });

  it('is given the test data after it was validated', async () => {
    await peerSystem(peer()).measure(task);
    expect(calls).toEqual(['valid train.txt,valid.txt', 'test test.txt,train.txt,valid.txt']);
  });

  it('has its scores scaled to the validation data, or taken as they come', async () => {
    const scaled = await peerSystem(peer()).measure(task);
    expect(scaled.examples).toEqual({ train: 200, valid: 100, test: 1000 });
    // Scores that say nothing of the class are scaled to about nothing.
    expect(Math.abs(scaled.test.loss - Math.log(2))).toBeLessThan(0.05);
    expect(scaled.modelBytes).toBeGreaterThan(200 * 20);
    expect(scaled.seconds).toBeGreaterThan(0);
    const asTheyCome = await peerSystem(peer({ scaled: false })).measure(task);
    const { accuracy } = asTheyCome.test;
    expect(asTheyCome.test.loss).toBeCloseTo(Math.log(1 + Math.E) - accuracy, 9);
  });

  it('fails with the last words of a program that does', async () => {
    const learn = () => [process.execPath, '-e', "console.error('no room'); process.exit(1)"];
    await expect(peerSystem(peer({ learn })).measure(task)).rejects.toThrow('no room');
  });

  it('is lacking where its probe fails or is not there', async () => {
    expect(await peerSystem(peer()).lacks()).toBeUndefined();
    const lacking = 'Fake is not installed (nothing)';
    expect(await peerSystem(peer({ probe: ['/bin/false'] })).lacks()).toBe(lacking);
    expect(await peerSystem(peer({ probe: ['/no/such/program'] })).lacks()).toBe(lacking);
  });
});
