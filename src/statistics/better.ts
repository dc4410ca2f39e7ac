/** Below this p two models are said to differ (Bělohlávek et al. 2018). */
const significance = 0.05;

/** Which of two models is better, if the test can tell. */
export type Better = 'a' | 'b' | 'neither';

/**
 * Whose losses are lower, where a test says that they differ.
 *
 * @param difference of the losses, a − b
 * @param p of the test, in [0, 1]
 */
export function betterOf(difference: number, p: number): Better {
  if (!(p < significance)) return 'neither';
  return difference < 0 ? 'a' : 'b';
}
