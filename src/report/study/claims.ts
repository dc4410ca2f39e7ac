import type { JudgedClaim } from '../../study/analysis/claims.js';
import type { Evidence } from '../../study/analysis/evidence.js';
import type { StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { cell, numberCell, type Cell, type Section } from '../document/document.js';
import { plural } from '../format.js';
import { cautionText, measuredRows, titleOfNamed } from './names.js';
import { signed } from './differences.js';

/** What the paper says, sentence by sentence, and what this study says of it. */
export function claimSection(analysis: StudyAnalysis): Section {
  const { claims, command } = analysis;
  return {
    heading: 'The paper’s claims',
    blocks: [
      {
        kind: 'table',
        table: {
          name: 'Claims and evidence',
          caption:
            'Supported: the 95% interval of the effect lies wholly below 0, which speaks for the claim; contradicted: wholly above; undecided: it holds 0, or there are too few values. ' +
            'Of a claim that something makes no major difference, the interval must lie within the bound that it names. An interval over rows speaks of other data too, one over seeds of ' +
            `these rows alone.${cautionText(measuredRows(analysis))}`,
          header: ['claim', 'verdict', 'effect', '95% from', '95% to', 'rests on'],
          rows: claims.map((claim) => ({
            name: claim.claim,
            note: `Measured: ${claim.effect}. Source: ${claim.source}.`,
            cells: cellsOf(claim, analysis),
          })),
          kind: 'sentences',
        },
      },
      { kind: 'text', text: 'All evidence comes from the runs of this study, and so from one command:' },
      { kind: 'command', command },
    ],
  };
}

function cellsOf({ verdict, evidence }: JudgedClaim, analysis: StudyAnalysis): Cell[] {
  return [
    { text: verdict, strong: verdict === 'supported' || verdict === 'contradicted' },
    numberCell(evidence?.mean, signed),
    numberCell(evidence?.ci95?.[0], signed),
    numberCell(evidence?.ci95?.[1], signed),
    cell(evidence === null ? 'no runs' : evidenceText(evidence, analysis)),
  ];
}

function evidenceText({ n, over, rows }: Evidence, analysis: StudyAnalysis): string {
  const titles = rows.map((group) => group.map((row) => titleOfNamed(row, analysis)).join(' and '));
  return `${plural(n, over === 'rows' ? 'row' : 'run')}: ${titles.join('; ')}`;
}
