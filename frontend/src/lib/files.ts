/** Files from drops and pickers with their relative paths, and how they are cut into uploads. */

export interface PickedFile {
  /** Relative path with forward slashes; the file's name when it lay in no folder. */
  path: string;
  file: File;
}

export const MAX_FILES_PER_UPLOAD = 50;
export const MAX_BYTES_PER_UPLOAD = 24 * 1000 * 1000;
/** Files that systems leave in folders and nobody means. */
const CLUTTER = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/** Uploads in order: at most so many files and bytes each; a larger file travels alone. */
export function batchFiles<T extends { file: { size: number } }>(
  files: readonly T[],
  maxFiles = MAX_FILES_PER_UPLOAD,
  maxBytes = MAX_BYTES_PER_UPLOAD,
): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const picked of files) {
    const current = batches.at(-1);
    if (!current || current.length >= maxFiles || bytes + picked.file.size > maxBytes) {
      batches.push([picked]);
      bytes = picked.file.size;
    } else {
      current.push(picked);
      bytes += picked.file.size;
    }
  }
  return batches;
}

export function isClutter(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return CLUTTER.has(name) || name.startsWith("._") || path.startsWith("__MACOSX/");
}

/** Files chosen by an input; those of a folder carry their path. */
export function pickedFromInput(list: Iterable<File>): PickedFile[] {
  return [...list]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !isClutter(path));
}

/** The part of the entries API that is used, so that tests can stand in for it. */
export interface DroppedEntry {
  readonly isFile: boolean;
  readonly name: string;
  file?(done: (file: File) => void, failed: (error: unknown) => void): void;
  createReader?(): {
    readEntries(done: (entries: DroppedEntry[]) => void, failed: (error: unknown) => void): void;
  };
}

/** All files below dropped entries. Entries must be taken from the event before the first await. */
export async function pickedFromEntries(
  entries: readonly DroppedEntry[],
  folder = "",
): Promise<PickedFile[]> {
  const picked: PickedFile[] = [];
  for (const entry of entries) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isFile) {
      if (!isClutter(path)) picked.push({ path, file: await fileOf(entry) });
    } else {
      picked.push(...(await pickedFromEntries(await childrenOf(entry), path)));
    }
  }
  return picked;
}

function fileOf(entry: DroppedEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file?.(resolve, reject));
}

/** A reader gives a hundred entries at a time; it is read until it gives none. */
async function childrenOf(entry: DroppedEntry): Promise<DroppedEntry[]> {
  const reader = entry.createReader?.();
  const children: DroppedEntry[] = [];
  if (!reader) return children;
  for (;;) {
    const next = await new Promise<DroppedEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (next.length === 0) return children;
    children.push(...next);
  }
}

/** A name for the import: the one folder or file it consists of, or how many files. */
export function importName(files: readonly PickedFile[]): string {
  const tops = new Set(files.map(({ path }) => path.split("/")[0]));
  const [first] = tops;
  return tops.size === 1 ? first : `${files.length} files`;
}

/** True when files lie in folders, so that the folders' names may be classes. */
export function hasFolders(files: readonly PickedFile[]): boolean {
  return files.some(({ path }) => path.includes("/"));
}

const ARCHIVE = /\.(zip|tar|tar\.gz|tgz|tar\.bz2|tbz2|tar\.xz|txz)$/i;

/** True for what the server unpacks. */
export function isArchive(path: string): boolean {
  return ARCHIVE.test(path);
}
