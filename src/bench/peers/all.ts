import { onednn } from './onednn.js';
import type { Peer } from './peer.js';
import { pytorch } from './pytorch.js';
import { tfjs } from './tfjs.js';

/** Every peer, in the order in which they are reported. */
export const allPeers: readonly Peer[] = [pytorch, onednn, ...tfjs];
