import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, NetworkError } from "../api/problem";
import type { LabelAction } from "../api/types";
import { Outbox, type OutboxEntry, type OutboxState, type OutboxStorage, verdictOf } from "./outbox";

type Answer = "ok" | "lost" | number;

let stored: Map<string, OutboxEntry>;
let sent: string[];
let answers: Answer[];
let states: OutboxState[];
let confirmed: [string, number][];
let refused: [string, string][];

const storage: OutboxStorage = {
  list: async () => [...stored.values()],
  put: async (entry) => void stored.set(entry.id, entry),
  remove: async (id) => void stored.delete(id),
};

const entry = (id: string, order: number): OutboxEntry => ({
  id,
  projectId: 1,
  userId: 1,
  kind: "assign",
  order,
  body: {
    kind: "assign",
    class_id: 2,
    image_indexes: [order],
    provenance: { gesture: "lasso", view: "whole" },
  },
});

const problem = (status: number) =>
  new ApiError({ type: "about:blank", title: "no", status, detail: `said ${status}`, code: "c" });

function makeOutbox(used: OutboxStorage = storage): Outbox {
  return new Outbox({
    storage: used,
    send: async (next) => {
      sent.push(next.id);
      const answer = answers.shift() ?? "ok";
      if (answer === "lost") throw new NetworkError("gone");
      if (typeof answer === "number") throw problem(answer);
      return { sequence: sent.length } as LabelAction;
    },
    onConfirmed: (done, action) => confirmed.push([done.id, action.sequence]),
    onRefused: (done, error) => refused.push([done.id, error.message]),
    onState: (state) => states.push(state),
  });
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  stored = new Map();
  sent = [];
  answers = [];
  states = [];
  confirmed = [];
  refused = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test("an entry is stored, sent, confirmed and removed", async () => {
  const outbox = makeOutbox();
  const adding = outbox.add(entry("a", 1));
  expect(states[0]).toEqual({ status: "saving", numWaiting: 1, isStored: true });
  await adding;
  await settle();
  expect(confirmed).toEqual([["a", 1]]);
  expect(stored.size).toBe(0);
  expect(states.at(-1)).toEqual({ status: "saved", numWaiting: 0, isStored: true });
});

test("entries are sent one at a time in order", async () => {
  const outbox = makeOutbox();
  await Promise.all([outbox.add(entry("a", 1)), outbox.add(entry("b", 2)), outbox.add(entry("c", 3))]);
  await settle();
  expect(sent).toEqual(["a", "b", "c"]);
  expect(confirmed.map(([id]) => id)).toEqual(["a", "b", "c"]);
});

test("without network it waits 1 s, then 2 s, keeps the entry stored, and sends the same id again", async () => {
  answers = ["lost", "lost", "ok"];
  const outbox = makeOutbox();
  await outbox.add(entry("a", 1));
  await settle();
  expect(states.at(-1)).toEqual({ status: "offline", numWaiting: 1, isStored: true });
  expect(stored.has("a")).toBe(true);
  await vi.advanceTimersByTimeAsync(999);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1999);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(["a", "a", "a"]);
  expect(states.at(-1)?.status).toBe("saved");
});

test("a gesture made offline is stored, does not start a second sender, and keeps the offline state", async () => {
  answers = ["lost"];
  const outbox = makeOutbox();
  await outbox.add(entry("a", 1));
  await settle();
  await outbox.add(entry("b", 2));
  await settle();
  expect(sent).toEqual(["a"]);
  expect(states.at(-1)).toEqual({ status: "offline", numWaiting: 2, isStored: true });
  outbox.sendNow();
  await settle();
  expect(sent).toEqual(["a", "a", "b"]);
  expect(states.at(-1)?.status).toBe("saved");
});

test("a refused entry is reported and does not hold up the next", async () => {
  answers = [422, "ok"];
  const outbox = makeOutbox();
  await Promise.all([outbox.add(entry("a", 1)), outbox.add(entry("b", 2))]);
  await settle();
  expect(refused).toEqual([["a", "said 422"]]);
  expect(confirmed.map(([id]) => id)).toEqual(["b"]);
  expect(stored.size).toBe(0);
});

test("an ended session waits without retrying until told to", async () => {
  answers = [401, "ok"];
  const outbox = makeOutbox();
  await outbox.add(entry("a", 1));
  await settle();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(sent).toHaveLength(1);
  expect(states.at(-1)).toEqual({ status: "signed-out", numWaiting: 1, isStored: true });
  outbox.sendNow();
  await settle();
  expect(confirmed).toEqual([["a", 2]]);
});

test("what an earlier tab left is sent in order", async () => {
  stored.set("b", entry("b", 2));
  stored.set("a", entry("a", 1));
  const outbox = makeOutbox();
  const left = await outbox.open();
  await settle();
  expect(left.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(sent).toEqual(["a", "b"]);
  expect(stored.size).toBe(0);
});

test("a browser that stores nothing is told, and the entry is sent all the same", async () => {
  const outbox = makeOutbox({ ...storage, put: () => Promise.reject(new Error("quota")) });
  await outbox.add(entry("a", 1));
  await settle();
  expect(states.some((state) => !state.isStored)).toBe(true);
  expect(confirmed).toEqual([["a", 1]]);
});

test("after stopping nothing is sent", async () => {
  answers = ["lost"];
  const outbox = makeOutbox();
  await outbox.add(entry("a", 1));
  await settle();
  outbox.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(sent).toEqual(["a"]);
});

test("answers are judged by status; what is no answer at all is our fault and raised", () => {
  expect([400, 403, 404, 409, 422].map((status) => verdictOf(problem(status)))).toEqual(
    Array(5).fill("refused"),
  );
  expect([408, 429, 500, 503].map((status) => verdictOf(problem(status)))).toEqual(Array(4).fill("offline"));
  expect(verdictOf(problem(401))).toBe("signed-out");
  expect(() => verdictOf(new TypeError("bug"))).toThrow("bug");
});
