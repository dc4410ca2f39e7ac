import { open } from 'node:fs/promises';

/** The first bytes of a file, with zeros where it is shorter. */
export async function startOf(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const start = Buffer.alloc(length);
    await file.read(start, 0, length, 0);
    return start;
  } finally {
    await file.close();
  }
}
