import { checkOptions } from '../../base/check-options.js';
import { AdvError } from '../../base/errors.js';
import { flagOf, type OptionsOf } from '../../base/option.js';
import { int32, integer, list, repeated, text } from '../../base/rules.js';
import { defaultThreads } from '../../recipe/execution.js';
import { parseChoice } from '../epochs/choice.js';
import { qualityPeers } from './all-peers.js';
import { peerSystem } from './peer-system.js';
import { settingSystem } from './setting-system.js';
import { namedSource, ownSource, type QualitySource } from './source.js';
import type { QualitySystem } from './system.js';

/** What is measured, and how often. */
export const qualityOptions = {
  datasets: {
    flag: '--datasets <list>',
    help: 'datasets as bench:datasets names them, such as subjectivity,dsl:10000',
    defaultWords: 'those of the tables in bench/README.md',
    rule: list('datasets'),
  },
  peers: {
    flag: '--peers <list>',
    help: 'of fasttext, svm, svm-char, svm-tuned; or none',
    defaultWords: 'all but the last',
    rule: list('peers'),
  },
  settings: {
    flag: '--settings <list>',
    help:
      'of paper, fast, best, and of vanilla, dropout, adversarial, adversarial+dropout, which are best with that regime; ' +
      'or none',
    defaultWords: 'paper,fast,best; none with --setting',
    rule: list('settings'),
  },
  setting: {
    flag: '--setting <name=options>',
    help: 'a setting of your own, with options of `advnative train`; as often as you like',
    rule: repeated('settings of the form NAME=OPTIONS'),
  },
  seeds: { flag: '--seeds <list>', help: 'seeds', defaultWords: '1,2,3', rule: list('seeds') },
  /** Of every system, 1 to 256. */
  threads: {
    flag: '--threads <n>',
    help: 'compute threads of every system',
    defaultWords: "the machine's, at most 16",
    rule: integer(1, 256),
  },
  train: { flag: '--train <file>', help: 'labelled training texts, in place of datasets', rule: text },
  valid: {
    flag: '--valid <file>',
    help: 'labelled validation texts',
    defaultWords: 'a seeded tenth of --train',
    rule: text,
  },
  test: { flag: '--test <file>', help: 'labelled test texts', rule: text },
  name: { flag: '--name <name>', help: 'what results call these files', defaultWords: 'own', rule: text },
};

/** What planQuality() takes; everything may be left out. */
export interface QualityOptions extends OptionsOf<typeof qualityOptions> {}

/** What is to be measured. */
export interface QualityPlan {
  readonly sources: readonly QualitySource[];
  readonly systems: readonly QualitySystem[];
  readonly seeds: readonly number[];
  readonly threads: number;
}

/** Datasets of the tables, in their order. */
export const usualDatasets = [
  ...['babi-sim-1', 'babi-1', 'babi-6', 'babi-1-10k'],
  ...['subjectivity', 'czech-facebook', 'czech-csfd', 'dsl:10000', 'dsl'],
];

/** What comes of a preset with another regime, in the order of their table. */
export const regimeSettings = ['vanilla', 'dropout', 'adversarial', 'adversarial+dropout'] as const;

const presets = ['paper', 'fast', 'best'];

/** Options of `advnative train` by the name of a setting: the presets, and the regimes with what `best` has besides. */
const knownSettings = new Map<string, readonly string[]>([
  ...presets.map((preset) => [preset, ['--preset', preset]] as const),
  ...regimeSettings.map((regime) => [regime, ['--preset', 'best', '--regime', regime]] as const),
]);

/** Every system that has a name, in the order in which they are reported. */
export const systemNames = [...qualityPeers.map(({ name }) => name), ...knownSettings.keys()];

/**
 * Checks the options and fills in the defaults.
 *
 * @param known names of datasets
 * @param program of the command line
 * @throws AdvError USAGE that names the option, what was expected and what came
 */
export function planQuality(options: QualityOptions, known: readonly string[], program: string): QualityPlan {
  checkOptions(options, qualityOptions);
  return {
    sources: sourcesOf(options, known),
    systems: [...peersOf(options), ...settingsOf(options, program)],
    seeds: seedsOf(options),
    threads: options.threads ?? defaultThreads(),
  };
}

function sourcesOf(options: QualityOptions, known: readonly string[]): QualitySource[] {
  const { datasets, train, valid, test, name } = options;
  if (train === undefined) {
    const orphan = (['valid', 'test', 'name'] as const).find((one) => options[one] !== undefined);
    if (orphan !== undefined) {
      throw new AdvError('USAGE', `expected --train FILE with ${flagOf(qualityOptions[orphan])}, got none`);
    }
    return (datasets ?? usualDatasets).map((written) => namedSource(parseChoice(written, known)));
  }
  if (datasets !== undefined) {
    throw new AdvError('USAGE', 'expected either --datasets or --train, got both', 'Leave one of them out.');
  }
  if (test === undefined) throw new AdvError('USAGE', 'expected --test FILE with --train, got none');
  return [ownSource(name ?? 'own', { train, valid, test })];
}

function peersOf({ peers = ['fasttext', 'svm', 'svm-char'] }: QualityOptions): QualitySystem[] {
  const known = new Map(qualityPeers.map((peer) => [peer.name, peerSystem(peer)]));
  return chosen('--peers', peers, known);
}

function settingsOf({ settings, setting = [] }: QualityOptions, program: string): QualitySystem[] {
  const all = [...knownSettings].map(
    ([name, options]) => [name, settingSystem(name, options, program)] as const,
  );
  const named = settings ?? (setting.length > 0 ? ['none'] : presets);
  return [
    ...chosen('--settings', named, new Map(all)),
    ...setting.map((written) => ownSetting(written, program)),
  ];
}

function ownSetting(written: string, program: string): QualitySystem {
  const { name, options } = /^(?<name>[^=\s]+)=(?<options>.*)$/su.exec(written)?.groups ?? {};
  if (name === undefined || systemNames.includes(name)) {
    throw new AdvError(
      'USAGE',
      `--setting: expected NAME=OPTIONS with a new name, got '${written}'`,
      "Such as --setting 'small=--size small --epochs 3'.",
    );
  }
  return settingSystem(name, options?.split(/\s+/u).filter((part) => part !== '') ?? [], program);
}

/** What the names of a list stand for; nothing for 'none'. */
function chosen<Value>(option: string, names: readonly string[], known: ReadonlyMap<string, Value>): Value[] {
  if (names.length === 1 && names[0] === 'none') return [];
  return [...new Set(names)].map((name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const wanted = `names among ${[...known.keys()].join(', ')}, separated by commas, or 'none'`;
    throw new AdvError('USAGE', `${option}: expected ${wanted}, got '${name}'`);
  });
}

function seedsOf({ seeds = ['1', '2', '3'] }: QualityOptions): number[] {
  const rule = int32(0);
  return [...new Set(seeds)].map((typed) => {
    const seed = rule.typed?.(typed);
    if (rule.accepts(seed)) return seed;
    throw new AdvError('USAGE', `--seeds: expected ${rule.expected}, or several with commas, got '${typed}'`);
  });
}
