/** The outbox in IndexedDB, so that a closed tab loses nothing. */
import { createStore, del, set, values } from "idb-keyval";
import type { OutboxEntry, OutboxStorage } from "./outbox";

const DATABASE = "labeler-outbox";
const TABLE = "gestures";

/** Storage that lists the entries of one user in one project. */
export function openOutboxStorage(projectId: number, userId: number): OutboxStorage {
  const table = createStore(DATABASE, TABLE);
  return {
    async list() {
      const entries = await values<OutboxEntry>(table);
      return entries.filter((entry) => entry.projectId === projectId && entry.userId === userId);
    },
    put: (entry) => set(entry.id, entry, table),
    remove: (id) => del(id, table),
  };
}
