import { integer } from '../base/rules.js';
import { fields, kept, listOf, type Kept } from '../base/schema.js';
import type { NativeState } from '../engine/addon.js';
import { epochRecordSchema } from '../base/epoch-record.js';
import { epochSumsSchema } from './history.js';

/** What a file must hold for a {@link SchedulePosition}. */
export const schedulePositionSchema = fields({
  /** The epoch in progress; 0 before the untrained model is evaluated. */
  epoch: kept(integer(0)),
  /** Batches of this epoch that are done. */
  nextBatch: kept(integer(0)),
  sums: epochSumsSchema,
  history: listOf(epochRecordSchema),
});

/** Where a schedule stands, between two training steps. */
export interface SchedulePosition extends Kept<typeof schedulePositionSchema> {}

/** Everything that an exact resume of a schedule needs. */
export interface ScheduleState {
  readonly position: SchedulePosition;
  readonly engine: NativeState;
  /** Parameters of the best epoch; undefined before the end of epoch 1. */
  readonly best: Float32Array | undefined;
}
