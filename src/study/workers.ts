/**
 * Lets several workers work at once. The first that fails ends the others: their signal fires, and all are waited for.
 *
 * @param signal ends all of them
 * @throws what the first failing worker threw
 */
export async function workTogether(
  count: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failing = new AbortController();
  const either = AbortSignal.any([failing.signal, ...(signal ? [signal] : [])]);
  const failures: unknown[] = [];
  await Promise.all(
    Array.from({ length: count }, () =>
      work(either).catch((error: unknown) => {
        failures.push(error);
        failing.abort();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}
