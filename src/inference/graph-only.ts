import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { GraphProtoSchema, ModelProtoSchema } from 'onnx-buf';

/** Fields of any message that only tell people something. */
const toldToPeople: ReadonlySet<string> = new Set(['docString', 'metadataProps']);

/** What else of a model takes no part in computing the outputs. Elsewhere a name or a domain does, but for names of graphs. */
const unused: ReadonlySet<string> = new Set([
  'producerName',
  'producerVersion',
  'domain',
  'modelVersion',
  'trainingInfo',
  'configuration',
]);

/** What all graphs are called: that which an operator runs must have a name. */
const graphName = 'g';

/**
 * A model without all that its computation does not need: its metadata, that is vocabulary, labels, tokenizer and facts of the training,
 * and every name and description of the whole. Fields that this version does not know are left out too.
 *
 * @param model bytes of an ONNX file; they are overwritten, so that a large model is not copied
 * @returns the part of the same memory that holds the result; zeros follow it
 * @throws Error when the bytes are not a protobuf message of this kind
 */
export function graphOnly(model: Uint8Array): Uint8Array {
  let length = 0;
  // No piece is longer than what it stands for: a piece is read before its place is written.
  for (const piece of neededPieces(model, ModelProtoSchema)) {
    model.set(piece, length);
    length += piece.length;
  }
  model.fill(0, length);
  return model.subarray(0, length);
}

/** The needed fields of a message in their order, in pieces that lie in its bytes or are the beginning of a field. */
function neededPieces(bytes: Uint8Array, message: DescMessage): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [number, wireType] = reader.tag();
    const field = message.fields.find((one) => one.number === number);
    const nested = wireType === WireType.LengthDelimited ? field?.message : undefined;
    if (field === undefined || !isNeeded(field)) reader.skip(wireType, number);
    else if (isGraphName(field)) {
      const named = reader.bytes().length > 0;
      if (named) pieces.push(new BinaryWriter().tag(number, wireType).string(graphName).finish());
    } else if (nested === undefined) {
      reader.skip(wireType, number);
      pieces.push(bytes.subarray(start, reader.pos));
    } else {
      const inner = neededPieces(reader.bytes(), nested);
      const length = inner.reduce((sum, piece) => sum + piece.length, 0);
      pieces.push(new BinaryWriter().tag(number, wireType).uint32(length).finish());
      for (const piece of inner) pieces.push(piece);
    }
  }
  return pieces;
}

function isNeeded({ parent, localName }: DescField): boolean {
  return !toldToPeople.has(localName) && (parent !== ModelProtoSchema || !unused.has(localName));
}

function isGraphName({ parent, localName }: DescField): boolean {
  return parent === GraphProtoSchema && localName === 'name';
}
