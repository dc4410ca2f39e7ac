/** How a file may be compressed as a whole. */
export type Compression = 'gzip' | 'zstd';

/** The commands that take a compression off what they read, for hints. */
export const unpackers: Readonly<Record<Compression, string>> = { gzip: 'gunzip', zstd: 'zstd -dc' };
