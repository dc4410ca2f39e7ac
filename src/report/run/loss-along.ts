import { plural } from '../format.js';
import { lossAlongChart } from '../charts/loss-along.js';
import type { Section } from '../document/document.js';
import type { RunFacts } from './run-facts.js';

/** How the loss grows around validation texts; runs of earlier versions and those without a network do not tell. */
export function lossAlongSections({ recipe, result }: RunFacts['record']): Section[] {
  const along = result?.lossAlong;
  if (along == null) return [];
  const { regime, epsilon, epsilonUnit } = recipe;
  const most = along.epsilons.at(-1) ?? 0;
  const perturbs = /adversarial|random/u.test(regime) && epsilonUnit === 'std' && epsilon <= most;
  const chart = lossAlongChart(along, plural(along.texts, 'validation text'), perturbs ? epsilon : undefined);
  return [{ heading: 'Loss along perturbations', blocks: [{ kind: 'chart', chart }] }];
}
