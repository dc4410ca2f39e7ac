import type { NativeProfile } from '../../src/engine/addon.js';

/** A step whose recurrent parts take 4 ms together. */
export const profile: NativeProfile = {
  'wall.prepare': 0.5,
  'wall.pack': 1,
  'wall.recurrentForward': 2,
  'wall.head': 5,
  'wall.recurrentBackward': 1,
  'wall.embedding': 0.25,
  'wall.optimizer': 0.125,
  'thread.forwardSteps': 3,
  'thread.backwardGates': 0.25,
  'thread.backwardProduct': 0.5,
  'thread.weightGradients': 0.75,
  'thread.inputGradient': 0.375,
  'tasks.count': 8,
  'tasks.longest': 0.5,
  'tasks.serial': 0.75,
  'cores.4': 3,
  'cores.8': 2,
  'cores.16': 1.5,
};
