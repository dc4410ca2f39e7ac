import { describe, expect, it } from 'vitest';
import { declarations, inks, palettes, shadesOf, shadeSteps } from '../../../src/report/palette.js';

type Triple = readonly [number, number, number];

/** Red, green and blue of a colour, 0 to 1, proportional to light (sRGB). */
function light(colour: string): Triple {
  const channel = (place: number): number => {
    const value = parseInt(colour.slice(place, place + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const times = (matrix: readonly [Triple, Triple, Triple], vector: Triple): Triple => [
  dot(matrix[0], vector),
  dot(matrix[1], vector),
  dot(matrix[2], vector),
];

/** Contrast of WCAG 2, 1 to 21. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => dot([0.2126, 0.7152, 0.0722], light(colour));
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** What is seen without one kind of cones (Machado, Oliveira and Fernandes 2009, severity 1), and by everybody else. */
const sights: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** A colour in Oklab (Ottosson 2020), in which equal distances look about equal; white is 1 from black. */
function oklab(colour: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    colour,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(cones[0]), Math.cbrt(cones[1]), Math.cbrt(cones[2])],
  );
}

describe.each(Object.entries(palettes))('the %s palette', (_scheme, { background, text, muted, series }) => {
  it('has the contrasts that WCAG asks of text and of parts of charts', () => {
    expect(Math.min(contrast(text, background), contrast(muted, background))).toBeGreaterThanOrEqual(4.5);
    expect(Math.min(...series.map((colour) => contrast(colour, background)))).toBeGreaterThanOrEqual(3);
  });

  it('has shades that differ, from its background on, and on which text is legible', () => {
    const shades = shadesOf({ background, series });
    expect(new Set([background, ...shades]).size).toBe(shadeSteps + 1);
    expect(Math.min(...shades.map((shade) => contrast(text, shade)))).toBeGreaterThanOrEqual(4.5);
    const lightest = contrast(background, shades[0] ?? background);
    expect(contrast(background, shades.at(-1) ?? background)).toBeGreaterThan(1.2 * lightest);
  });

  it.each(Object.entries(sights))('has series that look unlike with %s', (_sight, matrix) => {
    const seen = series.map((colour) => oklab(times(matrix, light(colour))));
    const distances = seen.flatMap((a, place) =>
      seen.slice(place + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
    );
    expect(distances).toHaveLength(3);
    expect(Math.min(...distances)).toBeGreaterThan(0.15);
  });

  it('declares every ink', () => {
    const declared = declarations(palettes.light);
    for (const ink of [inks.text, inks.muted, inks.line, ...inks.series])
      expect(declared).toContain(`${ink.slice('var('.length, -1)}: #`);
  });
});
