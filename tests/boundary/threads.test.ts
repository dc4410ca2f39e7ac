import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClassifier, batch, vanilla } from './fixtures.js';

const addonPath = fileURLToPath(new URL('../../build/Release/advnative.node', import.meta.url));

/** How a process of its own ended, in milliseconds since it said 'begun'. */
interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: readonly string[];
  readonly complaint: string;
  readonly milliseconds: number;
}

/** A step of many seconds, whose weights are written so that none must be made; `say` tells this process. */
const prelude = `
  const { Worker, isMainThread, workerData, parentPort } = require('node:worker_threads');
  const fs = require('node:fs');
  const { Classifier } = require(${JSON.stringify(addonPath)});
  const say = (text) => fs.writeSync(1, text + '\\n');
  const shape = { cell: 'gru', pooling: ['last'],
    layers: 1, buckets: 0, vocabularySize: 12, embeddingSize: 20, mlpSize: 7, classCount: 3 };
  const make = (hiddenSize, threads = 2) =>
    new Classifier({ ...shape, hiddenSize, threads, unknownId: 0, embeddingRange: 0.5, ema: 0, loss: 'cross-entropy', seed: 1 });
  const options = { learningRate: 0.01, dropoutKeep: 1, unknownRate: 0, clipNorm: 0, weightDecay: 0 };
  const attack = { kind: 'fast-gradient-sign', epsilon: 0.05, unit: 'absolute' };
  const texts = (count, length) => ({
    ids: new Int32Array(count * length).map((_, i) => i % 12),
    offsets: new Int32Array(count + 1).map((_, i) => i * length),
    labels: new Int32Array(count),
  });
  const short = texts(2, 3);
  const begin = (classifier = make(1000)) => {
    const { offset, shape } = classifier.tensors.at(-1);
    classifier.writeParameters(new Float32Array(offset + shape[0]).fill(0.001));
    const step = classifier.trainStep(texts(4, 3000), { ...options, attack, alpha: 0.5 });
    step.then(() => say('stepped'), (error) => say(error.code));
    return step;
  };
  const begun = (then) => setTimeout(() => { say('begun'); then(); }, 300);
`;

function run(script: string, flags: readonly string[] = [], environment = {}): Promise<Ending> {
  return new Promise((resolve) => {
    let begun = Number.NaN;
    const env = { ...process.env, ...environment };
    const child = execFile(
      process.execPath,
      [...flags, '-e', prelude + script],
      { env },
      (_, stdout, stderr) => {
        resolve({
          ...{ code: child.exitCode, signal: child.signalCode, complaint: stderr },
          said: stdout.trim().split('\n'),
          milliseconds: performance.now() - begun,
        });
      },
    );
    child.stdout?.on('data', (text: string) => {
      if (text.includes('begun')) begun = performance.now();
    });
  });
}

/** Far above what an ending takes and far below what the step would take: this machine may be busy. */
const soon = 2000;

describe('a running step', () => {
  it('would last much longer than the endings below may take', async () => {
    const { said, milliseconds } = await run('begin(); begun(() => {});');
    expect(said).toEqual(['begun', 'stepped']);
    expect(milliseconds).toBeGreaterThan(soon);
  });

  it.each([
    ['process.exit()', 'begin(); begun(() => process.exit(3));', 3, /^$/],
    ['an uncaught error', "begin(); begun(() => { throw new Error('mine'); });", 1, /Error: mine/],
    ['an unhandled rejection', "begin(); begun(() => Promise.reject(new Error('mine')));", 1, /Error: mine/],
  ])('does not hold up %s', async (_, script, code, complaint) => {
    const ending = await run(script);
    expect(ending).toMatchObject({ code, signal: null, said: ['begun'] });
    expect(ending.complaint).toMatch(complaint);
    expect(ending.milliseconds).toBeLessThan(soon);
  });

  it.each([
    ['worker.terminate()', "begin(); begun(() => parentPort.postMessage('now'));", 1],
    [
      'process.exit() in a worker',
      "begin(); begun(() => { parentPort.postMessage('now'); process.exit(5); });",
      5,
    ],
    [
      'an uncaught error in a worker',
      "begin(); begun(() => { parentPort.postMessage('now'); throw new Error('mine'); });",
      1,
    ],
  ])('does not hold up %s, and other models go on', async (_, source, code) => {
    const ending = await run(`
      const worker = new Worker(${JSON.stringify(prelude + source)}, { eval: true });
      const mine = make(9);
      worker.on('error', (error) => say(error.message));
      worker.on('exit', async (code) => {
        say('worker ' + code);
        await mine.trainStep(short, options);
        say('mine ' + mine.step);
      });
      worker.on('message', () => { if (${code} === 1 && !${JSON.stringify(source)}.includes('throw')) worker.terminate(); });`);
    expect(ending).toMatchObject({ code: 0, signal: null, complaint: '' });
    expect(ending.said.filter((text) => text !== 'mine')).toEqual(['begun', `worker ${code}`, 'mine 1']);
    expect(ending.milliseconds).toBeLessThan(soon);
  });

  it('does not hold up dispose(), which ends it', async () => {
    const ending = await run(`
      const classifier = make(1000);
      begin(classifier);
      begun(() => classifier.dispose());`);
    expect(ending).toMatchObject({ code: 0, signal: null, said: ['begun', 'CANCELLED'], complaint: '' });
    expect(ending.milliseconds).toBeLessThan(soon);
  });

  it("leaves libuv's pool free: a file is read meanwhile", async () => {
    const script = `
      for (let i = 0; i < 4; i++) begin(make(400, 1));
      begun(() => fs.readFile(process.execPath, () => { say('read'); process.exit(); }));`;
    const { said } = await run(script, [], { UV_THREADPOOL_SIZE: '1' });
    expect(said).toEqual(['begun', 'read']);
  });
});

describe('a process', () => {
  it('waits for a pending call, and for no idle classifier', async () => {
    const { code, said } = await run(`
      const classifier = make(9);
      classifier.trainStep(short, options).then(() => say('stepped'));`);
    expect({ code, said }).toEqual({ code: 0, said: ['stepped'] });
  });

  it('ends with classifiers that were never used', async () => {
    const { code, complaint } = await run('globalThis.kept = [make(9), make(100, 1)];');
    expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
  });

  it('settles the call of a classifier that was collected, and gets its threads back', async () => {
    const script = `
      const threads = () => fs.readdirSync('/proc/self/task').length;
      const before = threads();
      (async () => {
        const lost = make(9, 8).trainStep(short, options);
        for (let i = 0; i < 20; i++) make(9, 8);
        gc();
        say((await lost).step);
        for (let i = 0; i < 50 && threads() > before; i++) {
          gc();
          await new Promise((resume) => setTimeout(resume, 20));
        }
        say(threads() - before);
      })();`;
    const { code, said } = await run(script, ['--expose-gc']);
    expect({ code, said }).toEqual({ code: 0, said: ['1', '0'] });
  });

  it('survives workers that are terminated at any moment', async () => {
    const source = `
      (async () => {
        const classifier = make(9);
        parentPort.postMessage('now');
        for (;;) await classifier.trainStep(short, options);
      })();`;
    const { code, said, complaint } = await run(`
      (async () => {
        for (let i = 0; i < 15; i++) {
          const worker = new Worker(${JSON.stringify(prelude + source)}, { eval: true });
          await new Promise((resolve) => worker.once('message', resolve));
          await new Promise((resolve) => setTimeout(resolve, i % 5));
          await worker.terminate();
        }
        say('alive');
      })();`);
    expect({ code, said, complaint }).toEqual({ code: 0, said: ['alive'], complaint: '' });
  });
});

describe('more threads than the system gives', () => {
  let limit: number;

  beforeAll(async () => {
    const { said } = await run(
      "make(9); say(/VmSize:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status'))[1]);",
    );
    // A thread's stack takes 8 MiB of address space on every system whose limits are left alone.
    limit = Number(said[0]) + 40 * 8192;
  });

  it('are an error that says how many there were, and the process lives', async () => {
    const script = `
      try { make(9, 256); } catch (error) { say(error.code); say(error.message); }
      make(9, 2).trainStep(short, options).then(() => say('stepped'));`;
    const ending = await new Promise<{ code: number | null; said: string[] }>((resolve) => {
      const shell = `ulimit -s 8192 && ulimit -v ${limit} && exec "$0" -e "$1"`;
      const child = execFile('bash', ['-c', shell, process.execPath, prelude + script], (_, stdout) => {
        resolve({ code: child.exitCode, said: stdout.trim().split('\n') });
      });
    });
    expect(ending.code).toBe(0);
    expect(ending.said[0]).toBe('THREADS');
    expect(ending.said[1]).toMatch(/^cannot start 256 compute threads: the system gave \d+$/);
    expect(Number(/\d+$/.exec(ending.said[1] ?? '')?.[0])).toBeLessThan(256);
    expect(ending.said[2]).toBe('stepped');
  });
});

describe('the initial weights', () => {
  it('are made off the event loop, by ready() or by the call that needs them', async () => {
    const began = performance.now();
    const classifier = createClassifier({ hiddenSize: 500 });
    expect(performance.now() - began).toBeLessThan(500);
    // No share of time is asked for: a busy machine may let other processes run first.
    const before = performance.eventLoopUtilization();
    let made = false;
    const ready = classifier.ready().then(() => {
      made = true;
    });
    await new Promise(setImmediate);
    expect(made).toBe(false);
    await ready;
    expect(performance.eventLoopUtilization(before).idle).toBeGreaterThan(5);
  });

  it('are the same whoever asks first, and for any number of threads', async () => {
    const overrides = { hiddenSize: 33, vocabularySize: 7000 };
    const [direct, awaited, state] = [1, 2, 3].map((threads) => createClassifier({ ...overrides, threads }));
    if (!direct || !awaited || !state) throw new Error('three classifiers');
    const expected = direct.readParameters();
    await awaited.evaluate(batch);
    expect(awaited.readParameters()).toEqual(expected);
    expect(state.readState()).toMatchObject({ step: 0, parameters: expected });
    expect(createClassifier(overrides).embeddingStandardDeviation()).toBe(
      direct.embeddingStandardDeviation(),
    );
  });

  it('can be cancelled, and are made when they are needed next', async () => {
    const classifier = createClassifier({ hiddenSize: 1000 });
    const making = classifier.ready();
    expect(() => classifier.readParameters()).toThrow(/busy/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const asked = performance.now();
    classifier.cancel();
    await expect(making).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - asked).toBeLessThan(500);
    await expect(classifier.trainStep(batch, vanilla)).resolves.toMatchObject({ step: 1 });
  });

  it('are not made where weights were written', async () => {
    const classifier = createClassifier();
    const written = new Float32Array(classifier.readParameters().length).fill(0.125);
    const other = createClassifier();
    other.writeParameters(written);
    await other.ready();
    expect(other.readParameters()).toEqual(written);
  });
});
