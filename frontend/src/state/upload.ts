/**
 * One import from this browser: create it or go on with one that was interrupted, send the files, start the job. From
 * then on the job tells the rest. reading -> uploading <-> waiting (the line is down; it is tried again) -> started, or
 * failed. A file that the server refuses is noted with the reason, and the others go on. What was sent stays on the
 * server when one cancels or reloads: the import is open until somebody goes on with it, starts or discards it.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { ApiError, messageOf, NetworkError } from "../api/problem";
import type { PickedFile } from "../lib/files";
import {
  type ArrivedFile,
  type LargeFile,
  PIECE_BYTES,
  planUpload,
  type SmallFile,
} from "../lib/upload-plan";
import { randomId } from "../lib/uuid";

export interface RefusedFile {
  path: string;
  reason: string;
}

export interface UploadState {
  readonly phase: "idle" | "reading" | "uploading" | "waiting" | "started" | "failed";
  readonly importId: number | null;
  readonly jobId: number | null;
  readonly name: string;
  readonly numFiles: number;
  readonly numSent: number;
  readonly numBytes: number;
  readonly bytesSent: number;
  readonly refused: readonly RefusedFile[];
  readonly error: string | null;
}

export type UploadStore = StoreApi<UploadState>;

export interface NewImport {
  name: string;
  classesFromFolders?: boolean;
  isManifest?: boolean;
  folder?: string;
  bucket?: string;
  prefix?: string;
}

export interface UploadServer {
  create(request: NewImport): Promise<{ id: number }>;
  /** What of an open import is there. */
  arrived(importId: number): Promise<readonly ArrivedFile[]>;
  send(importId: number, files: readonly SmallFile[], signal: AbortSignal): Promise<unknown>;
  /** Bytes of a large file that are there. */
  received(importId: number, large: LargeFile): Promise<number>;
  /** Sends one piece; resolves with the bytes that are there then. */
  sendPiece(importId: number, large: LargeFile, piece: Blob, signal: AbortSignal): Promise<number>;
  /** Starts the job; of an import that was started already, finds it. */
  start(importId: number): Promise<{ id: number }>;
}

const IDLE: UploadState = {
  phase: "idle",
  importId: null,
  jobId: null,
  name: "",
  numFiles: 0,
  numSent: 0,
  numBytes: 0,
  bytesSent: 0,
  refused: [],
  error: null,
};

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 20_000;
/** The request itself is refused, whatever the server's state: its file is, and the others may go on. */
const REFUSALS = new Set([400, 413, 422]);
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

export function createUploadStore(): UploadStore {
  return createStore<UploadState>(() => IDLE);
}

export function resetUpload(store: UploadStore): void {
  store.setState(IDLE);
}

export interface UploadRequest extends NewImport {
  files: readonly PickedFile[];
  /** An open import to go on with. */
  resumes?: number;
}

/** Send everything; resolves when the job is started, has failed or was cancelled. */
export async function upload(
  store: UploadStore,
  server: UploadServer,
  { files, resumes, ...request }: UploadRequest,
  signal: AbortSignal,
): Promise<void> {
  const numBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  store.setState({
    ...IDLE,
    phase: "uploading",
    name: request.name,
    numFiles: files.length,
    numBytes,
    importId: resumes ?? null,
  });
  const run: Run = { store, server, signal, importId: resumes ?? 0 };
  try {
    run.importId = resumes ?? (await server.create(request)).id;
    store.setState({ importId: run.importId });
    const arrived = resumes === undefined ? [] : await insist(run, () => server.arrived(resumes));
    const plan = planUpload(files, arrived, () => randomId());
    store.setState({ numSent: plan.numArrived, bytesSent: plan.bytesArrived });
    for (const batch of plan.batches) await sendBatch(run, batch);
    for (const large of plan.large) await sendLarge(run, large);
    const job = await insist(run, () => server.start(run.importId));
    store.setState({ phase: "started", jobId: job.id });
  } catch (error) {
    if (signal.aborted) resetUpload(store);
    else store.setState({ phase: "failed", error: messageOf(error) });
  }
}

/** Import what the server reads by itself (a folder, a bucket), or an open import with the files that are there. */
export async function startImport(
  store: UploadStore,
  server: UploadServer,
  request: NewImport & { resumes?: number },
): Promise<void> {
  store.setState({ ...IDLE, phase: "uploading", name: request.name });
  try {
    const importId = request.resumes ?? (await server.create(request)).id;
    const job = await server.start(importId);
    store.setState({ phase: "started", importId, jobId: job.id });
  } catch (error) {
    store.setState({ phase: "failed", error: messageOf(error) });
  }
}

interface Run {
  store: UploadStore;
  server: UploadServer;
  signal: AbortSignal;
  importId: number;
}

/** Files together; if the server refuses the lot, one by one, so that only the one at fault stays behind. */
async function sendBatch(run: Run, batch: readonly SmallFile[]): Promise<void> {
  try {
    await insist(run, () => run.server.send(run.importId, batch, run.signal));
    for (const { file } of batch) noteSent(run.store, file.size);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (batch.length === 1) noteRefused(run.store, batch[0].path, error);
    else for (const file of batch) await sendBatch(run, [file]);
  }
}

async function sendLarge(run: Run, large: LargeFile): Promise<void> {
  const { store, server, signal, importId } = run;
  const { file, path } = large.picked;
  let { offset } = large;
  let numCounted = offset;
  try {
    while (offset < file.size) {
      let isRetry = false;
      const there = await insist(run, async () => {
        if (isRetry) offset = await server.received(importId, large);
        isRetry = true;
        if (offset >= file.size) return offset;
        const piece = file.slice(offset, offset + PIECE_BYTES);
        return server.sendPiece(importId, { ...large, offset }, piece, signal);
      });
      const numNew = there - numCounted;
      store.setState(({ bytesSent }) => ({ bytesSent: bytesSent + numNew }));
      offset = numCounted = there;
    }
    store.setState(({ numSent }) => ({ numSent: numSent + 1 }));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    noteRefused(store, path, error);
  }
}

function noteSent(store: UploadStore, numBytes: number): void {
  store.setState(({ numSent, bytesSent }) => ({ numSent: numSent + 1, bytesSent: bytesSent + numBytes }));
}

function noteRefused(store: UploadStore, path: string, error: unknown): void {
  store.setState(({ refused }) => ({ refused: [...refused, { path, reason: messageOf(error) }] }));
}

/** Try again while the server is out of reach or overloaded, until it works, says no, or the person cancels. */
async function insist<T>({ store, signal }: Run, action: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    signal.throwIfAborted();
    try {
      const result = await action();
      store.setState({ phase: "uploading", error: null });
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!isTransient(error)) throw error;
      store.setState({ phase: "waiting", error: messageOf(error) });
      await pause(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures), signal);
    }
  }
}

function isTransient(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  return error instanceof ApiError && (TRANSIENT.has(error.status) || error.code === "gap");
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && REFUSALS.has(error.status);
}

/** Waits, but not longer than until the browser says that it is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener?.("online", done);
    signal.addEventListener("abort", done);
  });
}
