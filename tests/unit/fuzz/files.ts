import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A folder in memory where the system has one: a disk would take most of the time. At the end of the test it is removed, and no
 * file in it may be open any more.
 */
export function memoryFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'advnative-fuzz-'));
  onTestFinished(async () => {
    await untilClosed(folder).finally(() => {
      rmSync(folder, { recursive: true });
    });
  });
  return folder;
}

/** The path of a file in such a folder. */
export const memoryFile = (name: string): string => join(memoryFolder(), name);

/** Waits until this process has no file below a folder open: streams close theirs a moment after they end. */
async function untilClosed(folder: string): Promise<void> {
  for (let looks = 0; looks < 1000; looks++) {
    if (openFilesBelow(folder).length === 0) return;
    await new Promise(setImmediate);
  }
  throw new Error(`still open: ${openFilesBelow(folder).join(', ')}`);
}

function openFilesBelow(folder: string): string[] {
  if (!existsSync(handles)) return [];
  return readdirSync(handles).flatMap((handle) => {
    try {
      const path = readlinkSync(join(handles, handle));
      return path.startsWith(folder) ? [path] : [];
    } catch {
      // Closed meanwhile, as the handle that listed them is.
      return [];
    }
  });
}

/** A link for each open file of this process, where the system has such a folder. */
const handles = '/proc/self/fd';
