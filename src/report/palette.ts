/** Colours of a page and its charts, as the two schemes of a browser have them. */
export interface Palette {
  readonly background: string;
  readonly text: string;
  /** Captions, axes and what else stands back. */
  readonly muted: string;
  /** Grid lines and rules of tables, which nothing depends on. */
  readonly line: string;
  /** What charts tell apart by colour, in order. */
  readonly series: readonly [string, string, string];
}

/**
 * The series differ in lightness as well as in hue, so that they stay apart for colour-blind readers and in grey print;
 * tests hold them to WCAG's contrasts and to distances under simulated colour blindness.
 */
export const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    background: '#ffffff',
    text: '#222222',
    muted: '#555555',
    line: '#dddddd',
    series: ['#1b4b82', '#d1570b', '#4e97c2'],
  },
  dark: {
    background: '#1c1c1e',
    text: '#e8e8e8',
    muted: '#b0b0b0',
    line: '#444444',
    series: ['#b5d3f5', '#e07a3a', '#3d8fb5'],
  },
};

/** The colours as a chart names them: the page says which scheme's they are. */
export const inks = {
  text: 'var(--text)',
  muted: 'var(--muted)',
  line: 'var(--line)',
  series: ['var(--series-1)', 'var(--series-2)', 'var(--series-3)'],
} as const;

/** What CSS must declare for {@link inks} to be a palette's colours. */
export function declarations({ background, text, muted, line, series }: Palette): string {
  const colours = Object.entries({ background, text, muted, line }).map(
    ([name, value]) => `--${name}: ${value};`,
  );
  return [...colours, ...series.map((value, place) => `--series-${place + 1}: ${value};`)].join(' ');
}
