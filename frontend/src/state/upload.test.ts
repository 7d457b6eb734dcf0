import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, NetworkError } from "../api/problem";
import type { PickedFile } from "../lib/files";
import { PIECE_BYTES } from "../lib/upload-plan";
import { createUploadStore, startImport, type UploadServer, type UploadStore, upload } from "./upload";

const picked = (path: string, size: number): PickedFile => ({
  path,
  file: new File([new Uint8Array(size)], path),
});
const refusal = (status: number, code: string, detail: string) =>
  new ApiError({ type: "about:blank", title: "No", status, detail, code });

let store: UploadStore;
let calls: string[];
let server: UploadServer;
let abort: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  store = createUploadStore();
  calls = [];
  abort = new AbortController();
  server = {
    create: async ({ name, classesFromFolders }) => {
      calls.push(`create ${name} ${classesFromFolders}`);
      return { id: 4 };
    },
    arrived: async () => [],
    send: async (importId, files) => {
      calls.push(`send ${importId} ${files.map(({ path }) => path).join(",")}`);
    },
    received: async () => 0,
    sendPiece: async (_, { offset }, piece) => {
      calls.push(`piece ${offset}+${piece.size}`);
      return offset + piece.size;
    },
    start: async (importId) => {
      calls.push(`start ${importId}`);
      return { id: 31 };
    },
  };
});

afterEach(() => {
  vi.useRealTimers();
});

const files = [picked("a.jpg", 10), picked("b/c.jpg", 20)];
const request = { name: "set", files, classesFromFolders: true };

test("it creates, sends and starts, and counts files and bytes", async () => {
  await upload(store, server, request, abort.signal);
  expect(calls).toEqual(["create set true", "send 4 a.jpg,b/c.jpg", "start 4"]);
  expect(store.getState()).toMatchObject({
    phase: "started",
    importId: 4,
    jobId: 31,
    numSent: 2,
    bytesSent: 30,
  });
});

test("a large file goes in pieces", async () => {
  const large = [picked("big.zip", PIECE_BYTES + 3)];
  await upload(store, server, { name: "set", files: large }, abort.signal);
  expect(calls.slice(1)).toEqual([`piece 0+${PIECE_BYTES}`, `piece ${PIECE_BYTES}+3`, "start 4"]);
  expect(store.getState()).toMatchObject({ numSent: 1, bytesSent: PIECE_BYTES + 3 });
});

test("a lost line is waited for, and the piece whose answer was lost is not sent twice", async () => {
  const large = [picked("big.zip", PIECE_BYTES + 3)];
  const sendPiece = server.sendPiece;
  let isLost = true;
  server.sendPiece = async (...args) => {
    const there = await sendPiece(...args);
    if (isLost) {
      isLost = false;
      server.received = async () => there;
      throw new NetworkError("gone");
    }
    return there;
  };
  const running = upload(store, server, { name: "set", files: large }, abort.signal);
  await vi.advanceTimersByTimeAsync(999);
  expect(store.getState()).toMatchObject({ phase: "waiting", bytesSent: 0 });
  await vi.advanceTimersByTimeAsync(1);
  await running;
  expect(calls.slice(1)).toEqual([`piece 0+${PIECE_BYTES}`, `piece ${PIECE_BYTES}+3`, "start 4"]);
  expect(store.getState()).toMatchObject({ phase: "started", error: null, bytesSent: PIECE_BYTES + 3 });
});

test("an overloaded server is asked again, at doubling pauses", async () => {
  let failures = 2;
  const send = server.send;
  server.send = async (...args) => {
    await send(...args);
    if (failures-- > 0) throw refusal(503, "unavailable", "busy");
  };
  const running = upload(store, server, request, abort.signal);
  await vi.advanceTimersByTimeAsync(1000 + 1999);
  expect(calls.filter((call) => call.startsWith("send"))).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  await running;
  expect(store.getState()).toMatchObject({ phase: "started", numSent: 2 });
});

test("going on with an interrupted upload creates nothing and sends only what is missing", async () => {
  server.arrived = async () => [{ path: "a.jpg", num_bytes: 10, received: 10, upload_id: null }];
  await upload(store, server, { ...request, resumes: 9 }, abort.signal);
  expect(calls).toEqual(["send 9 b/c.jpg", "start 9"]);
  expect(store.getState()).toMatchObject({ importId: 9, numSent: 2, bytesSent: 30 });
});

test("a file that the server refuses is told, and the others go on", async () => {
  const send = server.send;
  server.send = async (importId, batch, signal) => {
    if (batch.some(({ path }) => path === "a.jpg")) throw refusal(413, "too_large", "10 bytes are too many");
    return send(importId, batch, signal);
  };
  await upload(store, server, request, abort.signal);
  expect(calls).toEqual(["create set true", "send 4 b/c.jpg", "start 4"]);
  expect(store.getState()).toMatchObject({
    phase: "started",
    numSent: 1,
    refused: [{ path: "a.jpg", reason: "10 bytes are too many" }],
  });
});

test("what is no fault of a file fails the upload and starts nothing", async () => {
  server.send = async () => Promise.reject(refusal(403, "forbidden", "no longer an admin"));
  await upload(store, server, request, abort.signal);
  expect(calls).toEqual(["create set true"]);
  expect(store.getState()).toMatchObject({ phase: "failed", error: "no longer an admin", numSent: 0 });
});

test("cancelling goes back to idle, also while it waits for the line", async () => {
  server.send = async () => Promise.reject(new NetworkError("gone"));
  const running = upload(store, server, request, abort.signal);
  await vi.advanceTimersByTimeAsync(10);
  expect(store.getState().phase).toBe("waiting");
  abort.abort();
  await running;
  expect(store.getState().phase).toBe("idle");
  expect(calls).toEqual(["create set true"]);
});

test("what the server reads by itself is created and started", async () => {
  await startImport(store, server, { name: "birds", bucket: "birds" });
  expect(calls).toEqual(["create birds undefined", "start 4"]);
  expect(store.getState()).toMatchObject({ phase: "started", importId: 4, jobId: 31 });
});

test("an open import is started as it is", async () => {
  await startImport(store, server, { name: "birds", resumes: 8 });
  expect(calls).toEqual(["start 8"]);
});
