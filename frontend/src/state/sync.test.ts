import { beforeEach, expect, test } from "vitest";
import { ApiError } from "../api/problem";
import type { LabelAction } from "../api/types";
import type { ServerAction } from "./labels";
import type { OutboxEntry } from "./outbox";
import { LabelSync } from "./sync";

/** A server with four images that answers like the real one. */
class Server {
  labels = Int32Array.of(0, 0, 0, 0);
  log: ServerAction[] = [];
  reads = 0;
  refuse = false;
  removed: number[] = [];

  act(classId: number | null, imageIndexes: number[]): ServerAction {
    for (const index of imageIndexes) this.labels[index] = classId ?? 0;
    const changes = [{ class_id: classId, image_indexes: imageIndexes }];
    this.log.push({ sequence: this.log.length + 1, changes });
    return this.log[this.log.length - 1];
  }
  async readLabels() {
    this.reads += 1;
    return { classIds: this.labels.slice(), sequence: this.log.length };
  }
  async readActions(after: number) {
    return { actions: this.log.slice(after), isAll: this.log.length - after <= 3 };
  }
  async send(entry: OutboxEntry): Promise<LabelAction> {
    if (this.refuse)
      throw new ApiError({
        type: "about:blank",
        title: "",
        status: 409,
        detail: "archived",
        code: "conflict",
      });
    const given = entry.body?.image_indexes ?? [];
    const there = given.filter((index) => !this.removed.includes(index));
    const removed = given.filter((index) => this.removed.includes(index));
    const action = this.act(entry.body?.class_id ?? null, there);
    return { ...action, image_indexes: there, removed } as LabelAction;
  }
}

let server: Server;
let sync: LabelSync;
let stored: Map<string, OutboxEntry>;
let refused: string[];
let partly: number[][];
const shown = () => [...sync.labels.getState().shown];
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const assign = (classId: number, imageIndexes: number[]) =>
  sync.gesture({ kind: "assign", class_id: classId, image_indexes: imageIndexes });

beforeEach(() => {
  server = new Server();
  stored = new Map();
  refused = [];
  partly = [];
  let count = 0;
  sync = new LabelSync({
    projectId: 1,
    userId: 1,
    server,
    storage: {
      list: async () => [...stored.values()],
      put: async (entry) => void stored.set(entry.id, entry),
      remove: async (id) => void stored.delete(id),
    },
    newId: () => `id-${++count}`,
    now: () => 1000,
    onRefused: (_entry, error) => refused.push(error.message),
    onPartly: ({ removed }) => partly.push(removed),
    onReadFailed: (error) => {
      throw error;
    },
  });
});

test("a gesture shows before and after the server has it", async () => {
  await sync.start();
  const done = assign(5, [0, 2]);
  expect(shown()).toEqual([5, 0, 5, 0]);
  await done;
  await settle();
  expect(shown()).toEqual([5, 0, 5, 0]);
  expect(sync.labels.getState()).toMatchObject({ sequence: 1, pending: [] });
});

test("a refused gesture goes back and is told", async () => {
  await sync.start();
  server.refuse = true;
  await assign(5, [0]);
  await settle();
  expect(shown()).toEqual([0, 0, 0, 0]);
  expect(refused).toEqual(["archived"]);
});

test("a missed event is caught up from the log, many from the labels", async () => {
  await sync.start();
  server.act(7, [1]);
  sync.receive(server.act(8, [2]));
  await settle();
  expect(shown()).toEqual([0, 7, 8, 0]);
  expect(server.reads).toBe(1);
  for (const index of [0, 1, 2, 3]) server.act(9, [index]);
  await sync.catchUp();
  expect(shown()).toEqual([9, 9, 9, 9]);
  expect(server.reads).toBe(2);
});

test("what a closed tab left unsent is shown and sent", async () => {
  const body = { kind: "assign" as const, class_id: 6, image_indexes: [3] };
  stored.set("old", { id: "old", projectId: 1, userId: 1, kind: "assign", order: 1, body });
  await sync.start();
  expect(shown()).toEqual([0, 0, 0, 6]);
  await settle();
  expect(server.labels[3]).toBe(6);
  expect(stored.size).toBe(0);
  expect(sync.labels.getState().pending).toHaveLength(0);
});

test("gestures made in one millisecond keep their order", async () => {
  await sync.start();
  await Promise.all([assign(5, [0]), assign(6, [0])]);
  await settle();
  expect(server.labels[0]).toBe(6);
});

test("images that were removed meanwhile go back and are told", async () => {
  await sync.start();
  server.removed = [2];
  await assign(5, [0, 2]);
  await settle();
  expect(shown()).toEqual([5, 0, 0, 0]);
  expect(partly).toEqual([[2]]);
  await assign(5, [1]);
  await settle();
  expect(partly).toHaveLength(1);
});
