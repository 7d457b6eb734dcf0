/**
 * The outbox in IndexedDB, so that a closed tab loses nothing. Writing there takes a moment in which the tab may close: an
 * entry is in localStorage, which is written at once, until IndexedDB has it.
 */
import { createStore, del, set, values } from "idb-keyval";
import type { OutboxEntry, OutboxStorage } from "./outbox";

const DATABASE = "labeler-outbox";
const TABLE = "gestures";
const JOURNAL_PREFIX = "labeler.outbox.";

/** Storage that lists the entries of one user in one project. */
export function openOutboxStorage(projectId: number, userId: number): OutboxStorage {
  const table = createStore(DATABASE, TABLE);
  return {
    async list() {
      const stored = await values<OutboxEntry>(table);
      const known = new Set(stored.map((entry) => entry.id));
      const cutOff = readJournal(localStorage).filter((entry) => !known.has(entry.id));
      return [...stored, ...cutOff].filter(
        (entry) => entry.projectId === projectId && entry.userId === userId,
      );
    },
    async put(entry) {
      noteDown(localStorage, entry);
      await set(entry.id, entry, table);
      localStorage.removeItem(JOURNAL_PREFIX + entry.id);
    },
    async remove(id) {
      localStorage.removeItem(JOURNAL_PREFIX + id);
      await del(id, table);
    },
  };
}

/** Write an entry at once; one too large for localStorage is left to IndexedDB alone. */
export function noteDown(storage: Pick<Storage, "setItem">, entry: OutboxEntry): void {
  try {
    storage.setItem(JOURNAL_PREFIX + entry.id, JSON.stringify(entry));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Entries that a closed tab had noted down. */
export function readJournal(storage: Pick<Storage, "length" | "key" | "getItem">): OutboxEntry[] {
  const names = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  return names
    .filter((name): name is string => name?.startsWith(JOURNAL_PREFIX) ?? false)
    .map((name) => JSON.parse(storage.getItem(name) as string) as OutboxEntry);
}
