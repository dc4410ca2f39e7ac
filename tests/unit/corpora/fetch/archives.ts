import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { Header, type types } from 'tar';

type EntryTypeName = types.EntryTypeName;

/** An entry of a tar archive that a test makes. */
export interface TarEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly type?: EntryTypeName;
  readonly linkpath?: string;
  /** What the header claims; else what the content has. */
  readonly size?: number;
}

/** A tar archive with exactly these entries, however evil. */
export function tarOf(...entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, content = '', type = 'File', linkpath = '', size }) => {
    const bytes = Buffer.from(content);
    const header = new Header({ path, type, linkpath, size: size ?? bytes.length, mode: 0o644 });
    header.encode();
    return [header.block ?? Buffer.alloc(0), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** The record that gives the entry after it a name of any length (POSIX pax). */
export function paxRecord(path: string): TarEntry {
  const text = ` path=${path}\n`;
  let length = Buffer.byteLength(text) + 1;
  while (String(length).length + Buffer.byteLength(text) !== length) length += 1;
  return { path: 'PaxHeader/x', type: 'ExtendedHeader', content: `${length}${text}` };
}

/** The same, compressed. */
export function tarGzOf(...entries: readonly TarEntry[]): Buffer {
  return gzipSync(tarOf(...entries));
}

/** An entry of a zip archive that a test makes. */
export interface ZipEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** Unix file mode with its type, such as 0o120777 for a symbolic link. */
  readonly mode?: number;
  /** Uncompressed size that the directory claims. */
  readonly size?: number;
  readonly crc?: number;
  /** General purpose bits: 1 for an encrypted entry. */
  readonly flags?: number;
  /** Compression method that the directory claims; 8 is deflate. */
  readonly method?: number;
}

/** A zip archive with exactly these entries, however evil (APPNOTE 6.3: local headers, directory, its end). */
export function zipOf(...entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { path, content = '', mode = 0o100644, flags = 0, method = 8 } = entry;
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags | 0x800, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(entry.crc ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.size ?? bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE((mode * 2 ** 16) >>> 0, 6);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.of(20, 3), common, place, name);
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\u0005\u0006'), end]);
}

/** The same archive with the records of large archives before its end, which name the directory again. */
export function withZip64(zip: Buffer): Buffer {
  const end = zip.length - 22;
  const record = Buffer.alloc(56);
  record.write('PK\u0006\u0006', 0, 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(zip.readUInt16LE(end + 10)), 24);
  record.writeBigUInt64LE(BigInt(zip.readUInt16LE(end + 10)), 32);
  record.writeBigUInt64LE(BigInt(zip.readUInt32LE(end + 12)), 40);
  record.writeBigUInt64LE(BigInt(zip.readUInt32LE(end + 16)), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\u0006\u0007', 0, 'latin1');
  locator.writeBigUInt64LE(BigInt(end), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([zip.subarray(0, end), record, locator, zip.subarray(end)]);
}
