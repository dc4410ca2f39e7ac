import { describe, expect, it } from 'vitest';
import { serve, status } from '../unit/corpora/fetch/download-server.js';
import { Command, errorOf, mainScript, temporaryFolder, type Outcome } from './support.js';

const folder = await temporaryFolder();

/** Runs a command line where WebAssembly gets no memory in Node before 24: each takes 10 GB of addresses there. */
async function runLimited(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Outcome> {
  const shell = ['bash', '-c', 'ulimit -v 8000000 && exec "$0" "$@"'];
  return new Command(folder, [...shell, process.execPath, mainScript, ...args], environment).ended;
}

async function outputOf(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runLimited({}, ...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe('with 8 GB of addresses, as shared hosts give them,', () => {
  it('trains, predicts, compares, describes and audits', async () => {
    await outputOf(
      'train',
      '--limit',
      '60',
      '--preset',
      'paper',
      '--size',
      'small',
      '--epochs',
      '1',
      '--quiet',
      '--out',
      'run',
    );
    const predictions = [
      await outputOf('predict', 'run', 'Where?'),
      await outputOf('predict', 'run/model.onnx', 'Where?'),
    ];
    for (const prediction of predictions) expect(prediction).toMatch(/^[a-z]+\t0\.\d{6}\tWhere\?\n$/);
    expect(await outputOf('compare', 'run', 'run')).toContain('p = 1.00');
    const data = ['babi-sim-1', '--limit', '60', '--quiet'];
    expect(await outputOf('datasets', 'describe', ...data, '--html', 'page.html')).toContain('kitchen');
    const audited = await runLimited({}, 'datasets', 'audit', ...data);
    expect(audited.stdout).toMatch(/^error +leakage +train → test/m);
  });

  it('downloads, or says what a download needs', async () => {
    const { url } = await serve(status(404));
    const fetchFrom = async (environment: NodeJS.ProcessEnv): Promise<string> => {
      const mirror = { ADVNATIVE_MIRROR_CZECH_CSFD: url, ...environment };
      const outcome = await runLimited(mirror, 'datasets', 'fetch', 'czech-csfd', '--json');
      expect(outcome.code).toBe(1);
      return errorOf(outcome).message;
    };
    const reservesLittle = Number.parseInt(process.versions.node) >= 24;
    expect(await fetchFrom({})).toContain(
      reservesLittle ? 'HTTP 404' : 'raise ulimit -v, or set NODE_OPTIONS',
    );
    expect(await fetchFrom({ NODE_OPTIONS: '--disable-wasm-trap-handler' })).toContain('HTTP 404');
  });
});
