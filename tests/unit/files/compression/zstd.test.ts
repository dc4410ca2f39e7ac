import { describe, expect, it, test } from 'vitest';
import { BackwardBits } from '../../../../src/files/compression/zstd/backward-bits.js';
import { BlockDecoder } from '../../../../src/files/compression/zstd/blocks.js';
import { readTable, tableOf } from '../../../../src/files/compression/zstd/fse.js';
import { History } from '../../../../src/files/compression/zstd/history.js';
import { readHuffmanTable } from '../../../../src/files/compression/zstd/huffman.js';
import { readSequencesHeader } from '../../../../src/files/compression/zstd/sequences.js';
import { ZstdFrames } from '../../../../src/files/compression/zstd/frames.js';
import { zstdOfVaried, zstdVaried } from './zstd-files.js';

const mostBlockBytes = 1 << 17;
const decoder = () => new BlockDecoder(1 << 20, mostBlockBytes);

test('all forms of literals, tables and sequences come out as they went in', () => {
  const frames = new ZstdFrames();
  const content = Buffer.concat([...frames.push(zstdOfVaried)]);
  frames.finish();
  expect(content.equals(Buffer.concat(zstdVaried))).toBe(true);
});

describe('a block', () => {
  /** One literal, then sequences of one code each: no literals, the same offset code, a match of 65,539 to 131,074 bytes. */
  const bomb = (...count: number[]) => Uint8Array.of(1 << 3, 0x61, ...count, 0b01010100, 0, 0, 52, 1);

  it('that asks for more than a block may have is refused at once', () => {
    const began = performance.now();
    expect(() => decoder().compressed(bomb(255, 255, 255))).toThrow(/cut off|too much content|not there/);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('cannot refer to what is not there', () => {
    const history = new History(8);
    history.beginBlock(20);
    history.append(Uint8Array.of(1, 2, 3));
    expect(() => {
      history.repeat(4, 1);
    }).toThrow('a match with what is not there');
    // A match may go on with what it makes itself.
    history.repeat(2, 7);
    expect([...history.endBlock()]).toEqual([1, 2, 3, 2, 3, 2, 3, 2, 3, 2]);
    history.beginBlock(20);
    expect(() => {
      history.repeat(9, 1);
    }).toThrow('a match with what is not there');
    expect(() => {
      history.fill(0, 21);
    }).toThrow('a block with too much content');
  });

  it('cannot need tables of a block that was not there', () => {
    expect(() => decoder().compressed(Uint8Array.of(3, 0x40, 0, 0, 0))).toThrow(/table of an earlier block/);
    expect(() => readSequencesHeader(Uint8Array.of(1, 0b11000000), 0, undefined)).toThrow(
      /table of an earlier block/,
    );
  });

  it('has nothing behind its end', () => {
    expect(
      decoder()
        .compressed(Uint8Array.of(1 << 3, 0x61, 0))
        .toString(),
    ).toBe('a');
    expect(() => decoder().compressed(Uint8Array.of(1 << 3, 0x61, 0, 7))).toThrow(
      /behind the end of a block/,
    );
  });
});

describe('a table', () => {
  it('of one Huffman weight, which uses up no bits, is refused', () => {
    // Accuracy 5, and the first count takes all 32 states: the code of 33 is the longest, 6 bits.
    const weights = [0b1111_0000, 0b11, 1, 1, 1];
    expect([...readTable(Uint8Array.from(weights), 0, { mostLog: 6, mostSymbol: 11 }).table.bits]).toEqual(
      new Array(32).fill(0),
    );
    expect(() => readHuffmanTable(Uint8Array.of(weights.length, ...weights), 0)).toThrow(
      /more than 255 weights/,
    );
  });

  it('with a symbol or a size that there is not is refused', () => {
    const limits = { mostLog: 6, mostSymbol: 2 };
    expect(() => readTable(Uint8Array.of(2), 0, limits)).toThrow(/2\^7 states/);
    expect(() => readTable(Uint8Array.of(0), 0, limits)).toThrow(/cut off/);
    // Every count is 0, and further zeros follow each.
    expect(() => readTable(new Uint8Array(9).fill(0b0001_0000), 0, limits)).toThrow(
      /symbol that there is not|cut off/,
    );
    expect(() => readHuffmanTable(Uint8Array.of(128 + 3, 0, 0), 0)).toThrow(/no Huffman code/);
  });

  it('gives every state to a symbol', () => {
    const { symbols, bits, bases } = tableOf([13, -1, 18], 5);
    expect([0, 1, 2].map((symbol) => symbols.filter((one) => one === symbol).length)).toEqual([13, 1, 18]);
    expect(symbols[31]).toBe(1);
    // From each state of a symbol, together they lead to every state once.
    for (const symbol of [0, 1, 2]) {
      const next = [...symbols.keys()]
        .filter((state) => symbols[state] === symbol)
        .flatMap((state) =>
          Array.from({ length: 1 << (bits[state] ?? 0) }, (_, more) => (bases[state] ?? 0) + more),
        );
      expect(next.sort((a, b) => a - b)).toEqual([...symbols.keys()]);
    }
  });
});

test('bits come from the end, and are zeros before the start', () => {
  const bits = new BackwardBits(Uint8Array.of(0b1010_0110, 0b0000_0101));
  expect(bits.left).toBe(10);
  expect([bits.read(2), bits.read(3), bits.left]).toEqual([0b01, 0b101, 5]);
  expect([bits.peek(7), bits.left]).toEqual([0b00110_00, 5]);
  expect([bits.read(6), bits.left]).toEqual([0b00110_0, -1]);
  expect([bits.read(3), bits.left]).toEqual([0, -4]);
  const long = new BackwardBits(Uint8Array.of(0xef, 0xbe, 0xad, 0xde, 1));
  expect([long.read(31), long.read(1)]).toEqual([0xdeadbeef >>> 1, 1]);
  expect(() => new BackwardBits(Uint8Array.of(1, 0))).toThrow(/without their end/);
});
