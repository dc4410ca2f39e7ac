import { at } from '../base/at.js';
import { count, plural } from '../report/format.js';
import { table } from '../report/tables.js';
import type {
  BenchMachine,
  BenchResult,
  BenchRun,
  CaseResult,
  MeasuredPeer,
  ScalingResult,
  Speed,
} from './result.js';

const shareText = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** Milliseconds with as many digits as mean something. */
export function millisecondsText(milliseconds: number): string {
  return milliseconds >= 100 ? count(milliseconds) : milliseconds.toPrecision(3);
}

/** A ratio with three digits, the larger ones with thousands separated. */
export function ratioText(ratio: number): string {
  return ratio >= 100 ? count(ratio) : ratio.toPrecision(3);
}

/** Tables of a bench: machine, speeds of every case, what took no part, and the parts of the engine's step. */
export function benchReport(result: BenchResult): string {
  const { cases } = result;
  return sections(describeRun(result), speedTable(cases), notes(cases), profileTables(cases));
}

/** Which version was measured on what, in a line. */
export function describeMachine({ version, cpu, instructionSet, threads, load }: BenchMachine): string {
  return [
    `advnative ${version} on ${cpu}`,
    instructionSet,
    plural(threads, 'thread'),
    `load before ${load.toFixed(1)}`,
  ].join(', ');
}

/** What was measured where and how often, in a line. */
export function describeRun({ machine, rounds, cell }: BenchRun): string {
  const often = rounds === 1 ? '1 round' : `medians of ${rounds} rounds in turn`;
  return [describeMachine(machine), `cell ${cell}`, often].join(', ');
}

const speedHeader = ['case', 'what', 'ms', 'GFLOP/s', 'of peak', 'tokens/s', 'by engine', ''];

function speedTable(cases: readonly CaseResult[]): string {
  return table(speedHeader, cases.flatMap(caseRows));
}

function caseRows({
  configuration,
  regime,
  ceilings,
  engine,
  recurrent,
  tokens,
  peers,
}: CaseResult): string[][] {
  const { gflops, gigabytesPerSecond } = ceilings;
  const bandwidth = `${gigabytesPerSecond.toFixed(1)} GB/s`;
  return [
    [`${configuration} ${regime}`, 'machine', '', gflops.toFixed(1), '', '', '', bandwidth],
    [...speedCells('engine', engine), count(engine.tokensPerSecond)],
    speedCells('engine, recurrent part', recurrent),
    ...peers
      .filter((peer) => peer.status === 'measured')
      .map((peer) => [
        ...speedCells(nameOf(peer), peer),
        peer.covers === 'step' ? count((1000 * tokens) / peer.milliseconds) : '',
        ratioText(peer.ratio),
        peer.extrapolated ? `extrapolated from T ${peer.measuredT}` : '',
      ]),
  ];
}

/** The cells that everyone has, up to the share of the peak. */
function speedCells(what: string, { milliseconds, gflops, shareOfPeak }: Speed): string[] {
  return ['', what, millisecondsText(milliseconds), gflops.toFixed(1), shareText(shareOfPeak)];
}

function nameOf({ title, version, covers }: MeasuredPeer): string {
  return `${title} ${version}${covers === 'recurrent' ? ', recurrent part' : ''}`;
}

/** Who took no part and why, each reason once with the cases it holds for. */
function notes(cases: readonly CaseResult[]): string {
  const reasons = cases.flatMap(({ configuration, regime, peers }) =>
    peers
      .filter((peer) => peer.status !== 'measured')
      .map(
        ({ title, status, reason }) =>
          [`${title}: ${labels[status]}: ${reason}`, `${configuration} ${regime}`] as const,
      ),
  );
  return remarks(reasons)
    .map(([line, names]) => (names.length === cases.length ? line : `${line} (${names.join(', ')})`))
    .join('\n');
}

/** Each remark once, in the order in which they come, with all that it holds for. */
export function remarks(said: readonly (readonly [remark: string, of: string])[]): [string, string[]][] {
  const where = new Map<string, string[]>();
  for (const [remark, of] of said) where.set(remark, [...(where.get(remark) ?? []), of]);
  return [...where];
}

/** Parts of a report with an empty line between; empty ones are left out. */
export function sections(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

const labels = { missing: 'not installed', 'left out': 'left out', failed: 'ERROR' } as const;

/** The engine's parts of a step: a table a regime, a column a configuration; parts of threads are sums over them. */
function profileTables(cases: readonly CaseResult[]): string {
  const regimes = [...new Set(cases.map(({ regime }) => regime))];
  const tables = regimes.map((regime) => profileTable(cases.filter((each) => each.regime === regime)));
  return `Parts of the engine's step; thread. parts are summed over threads. tasks.: number of the parallel tasks that take
longest together, the longest of them, and the part outside tasks. cores.N: a bound for N cores, computed from these times of this machine.\n${tables.join('\n\n')}`;
}

function profileTable(cases: readonly CaseResult[]): string {
  const { profile, regime } = at(cases, 0);
  const rows = Object.keys(profile).map((part) => [
    part,
    ...cases.map((each) => millisecondsText(each.profile[part] ?? NaN)),
  ]);
  return table([`ms, ${regime}`, ...cases.map(({ configuration }) => configuration)], rows);
}

/** Tokens a second of the engine: a row a regime and length of texts, a column a batch size. */
export function scalingReport(result: ScalingResult): string {
  const { scaling } = result;
  const sizes = [...new Set(scaling.map(({ B }) => B))];
  const lines = [...new Set(scaling.map(({ regime, T }) => `${regime} ${T}`))];
  const rows = lines.map((line) => [
    ...line.split(' '),
    ...sizes.map((B) => {
      const found = scaling.find((each) => `${each.regime} ${each.T}` === line && each.B === B);
      return found === undefined ? '' : count(found.tokensPerSecond);
    }),
  ]);
  return [
    describeRun(result),
    `Engine throughput in tokens/s, with the model of C1.\n${table(['regime', 'T', ...sizes.map((B) => `B ${B}`)], rows)}`,
  ].join('\n\n');
}
