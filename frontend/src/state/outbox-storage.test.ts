import { expect, it } from "vitest";
import type { OutboxEntry } from "./outbox";
import { noteDown, readJournal } from "./outbox-storage";

const ENTRY: OutboxEntry = { id: "a1", projectId: 3, userId: 7, kind: "undo", order: 5, body: null };

function storage(refuses = false) {
  const items = new Map<string, string>([["labeler.view.3", "{}"]]);
  return {
    get length() {
      return items.size;
    },
    key: (at: number) => [...items.keys()][at] ?? null,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, text: string) => {
      if (refuses) throw new DOMException("full", "QuotaExceededError");
      items.set(name, text);
    },
  };
}

it("reads back what was noted down, and nothing else that is stored", () => {
  const place = storage();
  noteDown(place, ENTRY);
  expect(readJournal(place)).toEqual([ENTRY]);
});

it("leaves an entry to IndexedDB when there is no room", () => {
  const place = storage(true);
  noteDown(place, ENTRY);
  expect(readJournal(place)).toEqual([]);
});
