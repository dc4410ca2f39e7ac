import type { TopLevelSpec } from 'vega-lite';
import { renderAlone } from '../charts/render.js';
import { plainName } from '../plain-name.js';
import { blocksOf, type PlacedBlock, type ReportDocument } from './document.js';

/** A plot of a document as a file. */
export interface Picture {
  /** Made of the headings above the plot and of its title; different from all others of the document. */
  readonly name: string;
  readonly svg: string;
}

interface NamedPlot {
  readonly name: string;
  readonly specification: TopLevelSpec;
}

/** Draws all plots of a document, one after another, each as a picture of its own. */
export async function* picturesOf(document: ReportDocument): AsyncGenerator<Picture> {
  const drawn = new Map<string, number>();
  for (const { name, specification } of blocksOf(document).flatMap(plotsIn)) {
    const before = drawn.get(name) ?? 0;
    drawn.set(name, before + 1);
    yield {
      name: `${name}${before === 0 ? '' : `-${before + 1}`}.svg`,
      svg: await renderAlone(specification),
    };
  }
}

function plotsIn({ heading = 'plot', block }: PlacedBlock): NamedPlot[] {
  if (block.kind === 'chart') {
    return [{ name: plainName(heading), specification: block.chart.specification('wide') }];
  }
  if (block.kind !== 'multiples') return [];
  const { heading: own = heading, charts } = block.multiples;
  return charts.map(({ title, specification }) => ({
    name: plainName(`${own} ${title}`),
    specification,
  }));
}
