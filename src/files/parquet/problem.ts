/** What is wrong with a Parquet file, without its name, and what to do where it is not to get the file again. */
export class ParquetProblem extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
