/**
 * MurmurHash3 for 32 bits (Austin Appleby, in the public domain), over units of 32 bits each: a hash that can be carried on from
 * unit to unit. Not for secrets.
 */

/** The hash of so many units, with one more behind them. Begin with any seed. */
export function carriedOn(hash: number, unit: number): number {
  let mixed = Math.imul(unit, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  const joined = hash ^ mixed;
  return (Math.imul((joined << 13) | (joined >>> 19), 5) + 0xe6546b64) | 0;
}

/** What `carriedOn` came to after so many units, as an integer in [0, 2^32) all of whose bits are good. */
export function finished(hash: number, units: number): number {
  let mixed = hash ^ (4 * units);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
