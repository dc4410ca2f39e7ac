import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { systemReason } from '../base/system-error.js';
import { AdvError } from '../base/errors.js';
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

interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

type Header = Record<string, TensorEntry> & { readonly __metadata__?: Record<string, string> };

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
  for (const [name, { dtype, shape, data_offsets: place }] of Object.entries(entries)) {
    const [begin, next] = place;
    const [length = -1] = shape;
    const whole = shape.length === 1 && Number.isSafeInteger(length) && length >= 0;
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
  return { tensors, document: parseDocument(path, document) };
}

function parseDocument(path: string, document: string): unknown {
  try {
    return JSON.parse(document);
  } catch (error) {
    throw damaged(path, `holds no readable document: ${String(error)}`, error);
  }
}

function splitFile(path: string, content: Buffer): { header: Header; body: Buffer } {
  if (content.length < 8) throw damaged(path, `is truncated: it has ${content.length} bytes`);
  const length = content.readBigUInt64LE(0);
  if (length > maxHeaderBytes)
    throw damaged(path, 'is not a safetensors file: its header length is impossible');
  const begin = 8 + Number(length);
  if (begin > content.length) throw damaged(path, `is truncated: it has ${content.length} bytes`);
  try {
    const header: unknown = JSON.parse(content.toString('utf8', 8, begin));
    if (!isHeader(header)) throw new Error('its header lacks the place of a tensor');
    return { header, body: content.subarray(begin) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw damaged(path, `is not a readable safetensors file: ${reason}`, error);
  }
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, entry]: [string, unknown]) => {
    if (typeof entry !== 'object' || entry === null) return false;
    if (name === '__metadata__') return Object.values(entry).every((one) => typeof one === 'string');
    const { dtype, shape, data_offsets: place } = entry as Record<string, unknown>;
    const areNumbers = (list: unknown): list is unknown[] =>
      Array.isArray(list) && list.every((one) => typeof one === 'number');
    return typeof dtype === 'string' && areNumbers(shape) && areNumbers(place) && place.length === 2;
  });
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
