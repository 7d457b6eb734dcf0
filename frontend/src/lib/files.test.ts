import { expect, test } from "vitest";
import {
  batchFiles,
  type DroppedEntry,
  hasFolders,
  importName,
  isArchive,
  isClutter,
  pickedFromEntries,
} from "./files";

const sized = (...sizes: number[]) => sizes.map((size) => ({ file: { size } }));
const sizesOf = (batches: { file: { size: number } }[][]) =>
  batches.map((batch) => batch.map(({ file }) => file.size));

test("batches keep order and both limits, a large file travels alone", () => {
  expect(sizesOf(batchFiles(sized(1, 2, 3, 4), 3, 100))).toEqual([[1, 2, 3], [4]]);
  expect(sizesOf(batchFiles(sized(4, 5, 2, 30, 1), 10, 10))).toEqual([[4, 5], [2], [30], [1]]);
  expect(batchFiles([])).toEqual([]);
});

function fileEntry(name: string): DroppedEntry {
  return { isFile: true, name, file: (done) => done(new File(["x"], name)) };
}

function folderEntry(name: string, children: DroppedEntry[]): DroppedEntry {
  const pages = [children.slice(0, 1), children.slice(1), []];
  return {
    isFile: false,
    name,
    createReader: () => ({ readEntries: (done) => done(pages.shift() ?? []) }),
  };
}

test("folders are walked page by page and clutter is left out", async () => {
  const dropped = [
    folderEntry("set", [
      fileEntry("a.jpg"),
      fileEntry(".DS_Store"),
      folderEntry("cat", [fileEntry("b.jpg")]),
    ]),
    fileEntry("c.png"),
  ];
  const picked = await pickedFromEntries(dropped);
  expect(picked.map(({ path }) => path)).toEqual(["set/a.jpg", "set/cat/b.jpg", "c.png"]);
  expect(hasFolders(picked)).toBe(true);
});

test("an entry that cannot be read fails the whole drop", async () => {
  const broken: DroppedEntry = {
    isFile: true,
    name: "a",
    file: (_done, failed) => failed(new Error("gone")),
  };
  await expect(pickedFromEntries([broken])).rejects.toThrow("gone");
});

test("an import is named after its one folder or file", () => {
  const file = new File([], "x");
  expect(
    importName([
      { path: "birds/a.jpg", file },
      { path: "birds/b/c.jpg", file },
    ]),
  ).toBe("birds");
  expect(importName([{ path: "photos.zip", file }])).toBe("photos.zip");
  expect(
    importName([
      { path: "a.jpg", file },
      { path: "b.jpg", file },
    ]),
  ).toBe("2 files");
});

test("system files are clutter", () => {
  expect(["a/Thumbs.db", "._a.jpg", "__MACOSX/a.jpg", "a/b.jpg"].map(isClutter)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test("archives are known by their suffix in any case", () => {
  expect(["a.zip", "b.TAR.gz", "c.txz"].every(isArchive)).toBe(true);
  expect(["a.jpg", "tar", "a.zip.jpg", "a.gz"].some(isArchive)).toBe(false);
});
