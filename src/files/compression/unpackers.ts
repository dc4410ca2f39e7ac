import type { Compression } from './kinds.js';

/** The commands that take a compression off what they read, for hints. */
export const unpackers: Readonly<Record<Compression, string>> = { gzip: 'gunzip', zstd: 'zstd -dc' };
