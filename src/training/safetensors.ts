import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { systemReason } from '../base/system-error.js';
import { AdvError } from '../base/errors.js';
import type { NativeState } from '../engine/addon.js';
import { parseJson } from '../base/json.js';
import { pick } from '../base/option.js';
import { anyNumber, anyText } from '../base/rules.js';
import { checked, fields, kept, listOf, optional, recordOf, type Kept } from '../base/schema.js';
import { writeAtomically, type Storage } from '../base/storage/atomic-file.js';

/**
 * A file in the safetensors format: 8 bytes of little-endian header length, a JSON header with the place of each
 * tensor, then the raw little-endian tensors without gaps. Here each tensor is a flat vector of float32, and the
 * header's `__metadata__` holds one JSON document and the SHA-256 of it, of the tensors' places and of their bytes.
 * Format: https://github.com/huggingface/safetensors (Format).
 */
export interface TensorFile {
  readonly tensors: Readonly<Record<string, Float32Array>>;
  /** Plain JSON; finite numbers only, which JSON keeps exactly. */
  readonly document: unknown;
}

const numbers = listOf(kept(anyNumber));
const entrySchema = fields({ dtype: kept(anyText), shape: numbers, data_offsets: numbers });
type TensorEntry = Kept<typeof entrySchema>;

const headerSchema = fields({ __metadata__: optional(recordOf(kept(anyText))) });

/** Longest header that is believed: a damaged length must not make the reader allocate the machine's memory. */
const maxHeaderBytes = 100 * 2 ** 20;

/**
 * Writes a tensor file in place of what the path holds, atomically.
 *
 * @throws AdvError STORAGE when the disk is full or not writable
 */
export async function writeTensorFile(path: string, file: TensorFile, storage?: Storage): Promise<void> {
  const document = exactJson(file.document);
  const entries: Record<string, TensorEntry> = {};
  const bytes: Buffer[] = [];
  let end = 0;
  for (const [name, tensor] of Object.entries(file.tensors)) {
    const begin = end;
    end += tensor.byteLength;
    entries[name] = { dtype: 'F32', shape: [tensor.length], data_offsets: [begin, end] };
    bytes.push(littleEndian(tensor));
  }
  const __metadata__ = { document, sha256: checksum(entries, document, bytes) };
  const json = JSON.stringify({ __metadata__, ...entries });
  // Padding to a multiple of 8 keeps the tensors aligned for readers that map the file.
  const header = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeAtomically(path, [length, header, ...bytes], storage);
}

/**
 * Reads a tensor file and checks that it is whole.
 *
 * @throws AdvError CHECKPOINT when it is missing, truncated, damaged or no such file at all
 */
export async function readTensorFile(path: string): Promise<TensorFile> {
  const content = await readFile(path).catch((error: unknown) => {
    throw damaged(path, `cannot be read: ${systemReason(error)}`, error);
  });
  const { header, body } = splitFile(path, content);
  const { __metadata__: metadata, ...entries } = header;
  const tensors: Record<string, Float32Array> = {};
  const bytes: Buffer[] = [];
  let end = 0;
  for (const [name, entry] of Object.entries(entries)) {
    const {
      dtype,
      shape,
      data_offsets: place,
    } = checked(entrySchema, entry, (problem) =>
      damaged(path, `lacks the place of a tensor: ${name}.${problem}`),
    );
    const [begin, next = -1] = place;
    const [length = -1] = shape;
    const whole = shape.length === 1 && place.length === 2 && Number.isSafeInteger(length) && length >= 0;
    if (dtype !== 'F32' || !whole || begin !== end || next !== begin + 4 * length) {
      throw damaged(path, `holds an unexpected tensor '${name}' (${dtype} ${JSON.stringify(shape)})`);
    }
    end = next;
    if (end > body.length) {
      throw damaged(path, `is truncated: expected ${end} bytes of tensors, got ${body.length}`);
    }
    const tensor = body.subarray(begin, next);
    bytes.push(tensor);
    tensors[name] = fromLittleEndian(tensor);
  }
  if (end !== body.length) {
    throw damaged(path, `is damaged: expected ${end} bytes of tensors, got ${body.length}`);
  }
  const document = metadata?.['document'] ?? '';
  if (metadata?.['sha256'] !== checksum(entries, document, bytes)) {
    throw damaged(path, 'is damaged: its checksum does not match its content');
  }
  return { tensors, document: parsed(path, document) };
}

/** The tensors of a classifier with its optimiser state. */
const stateTensors = ['parameters', 'firstMoment', 'secondMoment'] as const;

/**
 * A classifier's vectors, once each is known to have a number for each of the model's parameters.
 *
 * @param averages whether it keeps an average of its parameters
 * @throws what `refuse` makes of the sizes that they have
 */
export function stateOf(
  file: TensorFile,
  averages: boolean,
  parameterCount: number,
  refuse: (problem: string) => AdvError,
): Omit<NativeState, 'step'> {
  const names = averages ? ([...stateTensors, 'average'] as const) : stateTensors;
  return tensorsOf(file, names, parameterCount, refuse);
}

/**
 * The named tensors of a file, once each is known to have a number for each of the model's parameters.
 *
 * @throws what `refuse` makes of the sizes that they have
 */
export function tensorsOf<const Name extends string>(
  { tensors }: TensorFile,
  names: readonly Name[],
  parameterCount: number,
  refuse: (problem: string) => AdvError,
): Readonly<Record<Name, Float32Array>> {
  if (names.every((name) => tensors[name]?.length === parameterCount)) {
    return pick(tensors as Readonly<Record<Name, Float32Array>>, ...names);
  }
  const got = names.map((name) => `${tensors[name]?.length ?? 'none'} as ${name}`);
  throw refuse(`expected ${parameterCount} numbers in each of its tensors, got ${got.join(', ')}`);
}

function parsed(path: string, json: string | Buffer): unknown {
  return parseJson(json, (problem, cause) => damaged(path, `is damaged: ${problem}`, cause));
}

function splitFile(path: string, content: Buffer): { header: Kept<typeof headerSchema>; body: Buffer } {
  const length = content.length < 8 ? 0n : content.readBigUInt64LE(0);
  if (length > maxHeaderBytes)
    throw damaged(path, 'is not a safetensors file: its header length is impossible');
  const begin = 8 + Number(length);
  if (begin > content.length) throw damaged(path, `is truncated: it has ${content.length} bytes`);
  const header = checked(headerSchema, parsed(path, content.subarray(8, begin)), (problem) =>
    damaged(path, `is not a safetensors file: its header: ${problem}`),
  );
  return { header, body: content.subarray(begin) };
}

function damaged(path: string, what: string, cause?: unknown): AdvError {
  return new AdvError(
    'CHECKPOINT',
    `the checkpoint ${path} ${what}`,
    'Restore it from a copy, or begin a new run. Nothing was changed.',
    { cause },
  );
}

function checksum(entries: unknown, document: string, bytes: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(JSON.stringify([entries, document]));
  for (const part of bytes) hash.update(part);
  return hash.digest('hex');
}

/** JSON turns NaN and the infinities into null in silence; a checkpoint must not. */
function exactJson(document: unknown): string {
  return JSON.stringify(document, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new AdvError('NOT_FINITE', `expected finite numbers in a checkpoint, got ${value} in '${key}'`);
    }
    return value;
  });
}

function littleEndian(tensor: Float32Array): Buffer {
  const view = Buffer.from(tensor.buffer, tensor.byteOffset, tensor.byteLength);
  return endianness() === 'LE' ? view : Buffer.from(view).swap32();
}

function fromLittleEndian(bytes: Buffer): Float32Array {
  // A copy, because the place of a tensor in the file need not be a multiple of 4 in memory.
  const copy = new Uint8Array(bytes);
  if (endianness() === 'BE') Buffer.from(copy.buffer).swap32();
  return new Float32Array(copy.buffer);
}
