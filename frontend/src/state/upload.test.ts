import { beforeEach, expect, test } from "vitest";
import type { PickedFile } from "../lib/files";
import { createUploadStore, type UploadServer, type UploadStore, upload } from "./upload";

const picked = (path: string, size: number): PickedFile => ({
  path,
  file: new File([new Uint8Array(size)], path),
});

let store: UploadStore;
let calls: string[];
let server: UploadServer;
let abort: AbortController;

beforeEach(() => {
  store = createUploadStore();
  calls = [];
  abort = new AbortController();
  server = {
    create: async (name, fromFolders) => {
      calls.push(`create ${name} ${fromFolders}`);
      return { id: 4 };
    },
    send: async (importId, files) => {
      calls.push(`send ${importId} ${files.map(({ path }) => path).join(",")}`);
    },
    start: async (importId) => {
      calls.push(`start ${importId}`);
      return { id: 31 };
    },
  };
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

test("a failed batch fails the import and starts nothing", async () => {
  server.send = async () => Promise.reject(new Error("disk full"));
  await upload(store, server, request, abort.signal);
  expect(calls).toEqual(["create set true"]);
  expect(store.getState()).toMatchObject({ phase: "failed", error: "disk full", numSent: 0 });
});

test("cancelling goes back to idle", async () => {
  server.create = async () => {
    abort.abort();
    return { id: 4 };
  };
  await upload(store, server, request, abort.signal);
  expect(store.getState().phase).toBe("idle");
  expect(calls).toEqual([]);
});
