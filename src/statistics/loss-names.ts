/** What models minimise and are told by: cross-entropy in nats, or the squared error of a sigmoid for each class. */
export const lossNames = ['cross-entropy', 'squared'] as const;

/** One of {@link lossNames}. */
export type LossName = (typeof lossNames)[number];
