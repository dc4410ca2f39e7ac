/** What is wrong with a Parquet file, without its name. */
export class ParquetProblem extends Error {}
