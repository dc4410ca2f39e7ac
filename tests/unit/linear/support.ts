/** Items as they come from a file. */
// eslint-disable-next-line @typescript-eslint/require-await -- data streams are asynchronous
export async function* streamOf<Item>(items: Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  yield* items;
}
