/** What is wrong with data that should be zstd. */
export class ZstdProblem extends Error {}
