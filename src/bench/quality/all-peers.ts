import { fastText } from './fasttext.js';
import type { QualityPeer } from './peer.js';
import { characterSvm, svm, tunedSvm } from './svm.js';

/** Every peer, in the order in which they are reported. */
export const qualityPeers: readonly QualityPeer[] = [fastText, svm, characterSvm, tunedSvm];
