import { ArchiveFailure, shown } from './failure.js';

/** A file that is wanted from an archive. */
export interface Member {
  /** Its name in the archive; a folder around all of the archive is no part of it. */
  readonly name: string;
  /** Where it goes, below the folder that the archive is unpacked to. */
  readonly path: string;
  /** Most bytes that it may have. */
  readonly mostBytes: number;
}

/** What an entry of an archive is, in the words of messages. */
export type EntryKind =
  'file' | 'folder' | 'symbolic link' | 'hard link' | 'device' | 'thing of an unknown kind';

/** Entries after which an archive is taken for an attack: the largest official one has a few hundred. */
const mostEntries = 100_000;

/**
 * Decides about the entries of an archive: which are wanted, and whether the archive can be trusted at all. Files are
 * written to paths that the corpus names and never to those of the archive; an archive with an entry that would lead
 * elsewhere is refused all the same, because no official one has any.
 */
export class MemberList {
  readonly #members: readonly Member[];
  readonly #found = new Set<Member>();
  #entries = 0;

  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /**
   * Looks at an entry, in the order of the archive.
   *
   * @returns the member that it is, or undefined when it isn't wanted
   * @throws ArchiveFailure for a link, a device, a name that leads out of the archive's folder, a second entry for a
   * member, and a name that differs from a wanted one only in case or in its Unicode form
   */
  accept(name: string, kind: EntryKind): Member | undefined {
    if (++this.#entries > mostEntries) throw new ArchiveFailure(`it has more than ${mostEntries} entries`);
    const path = safePath(name);
    if (kind !== 'file' && kind !== 'folder') {
      throw new ArchiveFailure(`its entry ${shown(name)} is a ${kind}, expected files and folders only`);
    }
    const member = this.#members.find((wanted) => isNamed(path, wanted.name));
    if (member === undefined) {
      this.#refuseLookalike(path, name);
      return undefined;
    }
    if (kind === 'folder') throw new ArchiveFailure(`its entry ${shown(name)} is a folder, expected a file`);
    if (this.#found.has(member)) {
      throw new ArchiveFailure(`it has more than one entry for ${shown(member.name)}`);
    }
    this.#found.add(member);
    return member;
  }

  /** @throws ArchiveFailure when a member has not been met */
  requireAll(): void {
    const missing = this.#members.filter((member) => !this.#found.has(member)).map(({ name }) => name);
    if (missing.length > 0) throw new ArchiveFailure(`it lacks ${missing.map(shown).join(', ')}`);
  }

  #refuseLookalike(path: string, name: string): void {
    const twin = this.#members.find((wanted) => isNamed(folded(path), folded(wanted.name)));
    if (twin === undefined) return;
    throw new ArchiveFailure(
      `its entry ${shown(name)} differs from ${shown(twin.name)} only in the form of letters`,
    );
  }
}

/** What makes a name dangerous on some system, and the words for it. */
const dangers: readonly (readonly [RegExp, string])[] = [
  [/\p{Cc}/u, 'has control characters'],
  [/^\//, 'has an absolute path'],
  [/\\/, 'has a backslash in its path'],
  [/^[a-z]:/i, 'has a path with a drive'],
  [/(^|\/)\.\.(\/|$)/, "leads out of its folder by '..'"],
];

/**
 * The path that an entry's name stands for, without dots and doubled slashes.
 *
 * @throws ArchiveFailure for a name that some system takes for a place outside
 */
function safePath(name: string): string {
  for (const [pattern, danger] of dangers) {
    if (pattern.test(name)) throw new ArchiveFailure(`its entry ${shown(name)} ${danger}`);
  }
  const segments = name.split('/');
  return segments.filter((segment) => segment !== '' && segment !== '.').join('/');
}

function isNamed(path: string, name: string): boolean {
  return path === name || path.endsWith(`/${name}`);
}

/** What file systems that ignore case or Unicode form take for the same name. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
