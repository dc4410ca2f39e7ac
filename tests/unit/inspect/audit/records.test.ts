import { expect, test } from 'vitest';
import { Records } from '../../../../src/inspect/audit/records.js';

test('Records count the length of a text in code points', async () => {
  const records = new Records(['x']);
  try {
    await records.add('train', { id: '1', text: '😀a😀', label: 'x' });
    await records.finish();
    expect(records.lengthOf(0)).toBe(3);
  } finally {
    await records.close();
  }
});
