/** How rich a vocabulary is. */
export interface Richness {
  /** Types over tokens. It falls as a text grows, so only corpora of like size compare. */
  readonly typeTokenRatio: number;
  /**
   * Yule's characteristic K = 10⁴ · (Σ f² − N) / N², from the counts f of all types and N tokens (Yule 1944): chance that
   * two tokens drawn at random are the same, times 10⁴. It hardly depends on the size (Tweedie and Baayen 1998).
   */
  readonly yuleK: number;
  /** Share of the types that occur once. */
  readonly onceShare: number;
}

/** @param frequencies counts of all types; at least one */
export function richness(frequencies: Float64Array): Richness {
  let [tokens, squares, once] = [0, 0, 0];
  for (const frequency of frequencies) {
    tokens += frequency;
    squares += frequency * frequency;
    if (frequency === 1) once += 1;
  }
  return {
    typeTokenRatio: frequencies.length / tokens,
    yuleK: (1e4 * (squares - tokens)) / tokens ** 2,
    onceShare: once / frequencies.length,
  };
}
