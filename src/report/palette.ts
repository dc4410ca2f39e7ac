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

/** How many steps of shade a table's places have beside none. */
export const shadeSteps = 10;

/** Share of ink in the darkest shade: text stays legible on it. */
const mostInk = 0.6;

/** Backgrounds between a palette's own and one that is as dark, in the dark scheme as bright, as text on it allows. */
export function shadesOf({ background, series }: Pick<Palette, 'background' | 'series'>): string[] {
  return Array.from({ length: shadeSteps }, (_, step) =>
    mixed(background, series[2], (mostInk * (step + 1)) / shadeSteps),
  );
}

/** A colour that has so large a share of the second one. */
function mixed(one: string, other: string, share: number): string {
  const channel = (colour: string, place: number): number => parseInt(colour.slice(place, place + 2), 16);
  const parts = [1, 3, 5].map((place) => {
    const value = (1 - share) * channel(one, place) + share * channel(other, place);
    return Math.round(value).toString(16).padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

/** The colours as a chart names them: the page says which scheme's they are. */
export const inks = {
  background: 'var(--background)',
  text: 'var(--text)',
  muted: 'var(--muted)',
  line: 'var(--line)',
  series: ['var(--series-1)', 'var(--series-2)', 'var(--series-3)'],
} as const;

/** A drawing whose {@link inks} are replaced by a palette's colours: a picture of its own has no page that declares them. */
export function inColours(svg: string, palette: Palette): string {
  const colours = new Map(declared(palette));
  return svg.replace(/var\(--([a-z0-9-]+)\)/gu, (ink, name: string) => colours.get(name) ?? ink);
}

/** What CSS must declare for {@link inks} to be a palette's colours. */
export const declarations = (palette: Palette): string =>
  declared(palette)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');

/** Names of inks and shades, with their colours. */
function declared(palette: Palette): (readonly [name: string, colour: string])[] {
  const { background, text, muted, line, series } = palette;
  const numbered = (name: string, colours: readonly string[]) =>
    colours.map((colour, place) => [`${name}-${place + 1}`, colour] as const);
  return [
    ...Object.entries({ background, text, muted, line }),
    ...numbered('series', series),
    ...numbered('shade', shadesOf(palette)),
  ];
}
