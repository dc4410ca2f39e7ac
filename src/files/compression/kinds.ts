/** How a file may be compressed as a whole. */
export type Compression = 'gzip' | 'zstd';
