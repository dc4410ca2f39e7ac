import { createHash } from 'node:crypto';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Key of the metadata entry that holds the checksum. */
const key = 'advnative.sha256';

/** Hexadecimal digits of a SHA-256. */
const digits = 64;

/** Number of metadata_props in a ModelProto, of key and value in an entry of it (onnx.proto). */
const field = { metadata: 14, key: 1, value: 2 } as const;

/**
 * What stands before a model's bytes in its file: an entry of its metadata with their SHA-256. Fields of a message may come in any order,
 * so that the two are one ONNX file. A program that writes the file anew puts other fields first, and what it makes has no checksum.
 */
export function checksumEntry(model: Uint8Array): Uint8Array {
  return entryOf(createHash('sha256').update(model).digest('hex'));
}

/** Whether the bytes of a file are those that it was written with, as far as it has a checksum: files of earlier versions have none. */
export function isIntact(file: Uint8Array): boolean {
  const blank = entryOf('0'.repeat(digits));
  const entry = Buffer.from(file.subarray(0, blank.length));
  const hasChecksum = entry.subarray(0, -digits).equals(blank.subarray(0, -digits));
  return !hasChecksum || entry.equals(checksumEntry(file.subarray(blank.length)));
}

function entryOf(value: string): Uint8Array {
  const entry = new BinaryWriter()
    .tag(field.key, WireType.LengthDelimited)
    .string(key)
    .tag(field.value, WireType.LengthDelimited)
    .string(value)
    .finish();
  return new BinaryWriter().tag(field.metadata, WireType.LengthDelimited).bytes(entry).finish();
}
