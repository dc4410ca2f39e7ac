/**
 * The part of hyparquet-compressors that is used, by its own file: the package as a whole compiles WebAssembly when it is
 * imported, for another codec.
 */
declare module 'hyparquet-compressors/src/lz4.js' {
  export { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors';
}
