/**
 * What a table, pattern or segmenter of a module is kept in: it is made when it is first asked for, so that importing the module
 * computes nothing.
 */
export function onFirstUse<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
