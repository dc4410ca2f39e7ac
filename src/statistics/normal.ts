/**
 * The z that the standard normal distribution stays below with a given probability, by bisection.
 *
 * @param probability in [0.5, 0.999999]
 * @returns within 1e-10 of its value
 */
export function normalQuantile(probability: number): number {
  let [below, above] = [0, 8];
  for (;;) {
    const middle = (below + above) / 2;
    if (!(below < middle && middle < above)) return middle;
    if (0.5 + centralHalf(middle) < probability) below = middle;
    else above = middle;
  }
}

/** P(0 ≤ Z ≤ z): the density times z + z³/3 + z⁵/(3·5) + …, all of which is positive (Abramowitz & Stegun 1964, 26.2.11). */
function centralHalf(z: number): number {
  let sum = 0;
  for (let odd = 1, term = z; term > sum * 1e-17; odd += 2, term *= (z * z) / odd) sum += term;
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
