/** The parts of a dataset, in the order in which they are read. */
export const splitNames = ['train', 'valid', 'test'] as const;

export type SplitName = (typeof splitNames)[number];
