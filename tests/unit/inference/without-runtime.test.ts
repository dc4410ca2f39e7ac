import { describe, expect, it, vi } from 'vitest';
import { load } from '../../../src/inference/inference.js';
import { checkParity } from '../../../src/onnx/parity.js';
import { exported, modelFile } from '../onnx/fixtures.js';
import { expectRefused } from '../support.js';

vi.mock('../../../src/inference/runtime.js', () => ({ findRuntime: () => Promise.resolve(undefined) }));

describe('without onnxruntime-node', () => {
  it('a parity check has no result', async () => {
    const texts = { ids: Int32Array.of(1, 2), offsets: Int32Array.of(0, 2), featureRows: [] };
    const logits = [new Float64Array(3)];
    expect(await checkParity(await modelFile(exported()), texts, logits)).toBeUndefined();
  });

  it('loading a model says what to install', async () => {
    const hint = /^npm install onnxruntime-node$/;
    await expectRefused(load(await modelFile(exported())), 'MODEL', /./, hint);
  });
});
