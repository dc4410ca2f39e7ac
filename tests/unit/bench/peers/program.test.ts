import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { endOfProgram, PeerProgram, runProgram } from '../../../../src/bench/peers/program.js';
import { answering, scriptLaunch } from '../fixtures.js';

/** True while a process exists. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (alive(pid)) await setTimeout(5);
}

it('answers requests one by one and is gone when it is stopped', async () => {
  const program = new PeerProgram(scriptLaunch(answering(3, 1.5, 2.5)));
  expect(await program.answer()).toEqual({ version: '1.2', threads: 1 });
  for (let step = 0; step < 3; step++) {
    expect(await program.ask()).toEqual({ milliseconds: 3, cleanLoss: 1.5, adversarialLoss: 2.5 });
  }
  await program.stop();
  await expect(program.ask()).rejects.toThrow(/ended/);
});

it('reports the last words of a program that ends instead of answering', async () => {
  const script = "console.error('first'); console.error('ValueError: no'); process.exit(1)";
  const program = new PeerProgram(scriptLaunch(script));
  await expect(program.answer()).rejects.toThrow(/^ValueError: no$/);
  await program.stop();
  const missing = new PeerProgram({ command: '/no/such/program', args: [], environment: {} });
  await expect(missing.answer()).rejects.toThrow(/ENOENT/);
  await missing.stop();
});

it('shows an answer that is not JSON', async () => {
  const program = new PeerProgram(scriptLaunch(`console.log('{"cleanLoss": nan}')`));
  await expect(program.answer()).rejects.toThrow(`expected an answer in JSON, got '{"cleanLoss": nan}'`);
  await program.stop();
});

it('kills the program and what it started when the signal fires', async () => {
  const controller = new AbortController();
  const script = `
    const { spawn } = await import('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    console.log(JSON.stringify([process.pid, child.pid]));
    setInterval(() => undefined, 1000);
  `;
  const program = new PeerProgram(scriptLaunch(script), controller.signal);
  const pids = (await program.answer()) as [number, number];
  expect(pids.map(alive)).toEqual([true, true]);
  controller.abort();
  await expect(program.answer()).rejects.toThrow();
  await Promise.all(pids.map(untilGone));
  await program.stop();
});

it('runs a program to its end', async () => {
  expect(await runProgram(scriptLaunch("console.log('done')"))).toBe('done\n');
  await expect(runProgram(scriptLaunch("console.error('why'); process.exit(3)"))).rejects.toThrow(/^why$/);
  await expect(runProgram({ command: '/no/such', args: [], environment: {} })).rejects.toThrow(/ENOENT/);
  const endless = scriptLaunch('setInterval(() => undefined, 1000)');
  await expect(runProgram(endless, AbortSignal.timeout(300))).rejects.toThrow();
});

it('tells how a program ended, whatever its code, and what it says meanwhile', async () => {
  const said: string[] = [];
  const script = "console.log('half'); console.error('why'); process.exitCode = 3";
  const end = await endOfProgram(scriptLaunch(script), undefined, (text) => said.push(text));
  expect(end).toEqual({ code: 3, output: 'half\n', errors: 'why\n' });
  expect(said.join('')).toBe('why\n');
  const killed = await endOfProgram(scriptLaunch("process.kill(process.pid, 'SIGKILL')"));
  expect(killed.code).toBeNull();
});
