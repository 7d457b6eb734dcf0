/**
 * One import from this browser: create it, send the files in batches, start the job. From then on the job tells the
 * rest. reading -> uploading -> started, or failed at any step; cancelling leaves the files sent so far unimported.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { messageOf } from "../api/problem";
import { batchFiles, type PickedFile } from "../lib/files";

export interface UploadState {
  readonly phase: "idle" | "reading" | "uploading" | "started" | "failed";
  readonly importId: number | null;
  readonly jobId: number | null;
  readonly name: string;
  readonly numFiles: number;
  readonly numSent: number;
  readonly numBytes: number;
  readonly bytesSent: number;
  readonly error: string | null;
}

export type UploadStore = StoreApi<UploadState>;

export interface UploadServer {
  create(name: string, classesFromFolders: boolean): Promise<{ id: number }>;
  send(importId: number, files: readonly PickedFile[], signal: AbortSignal): Promise<unknown>;
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
  error: null,
};

export function createUploadStore(): UploadStore {
  return createStore<UploadState>(() => IDLE);
}

export function resetUpload(store: UploadStore): void {
  store.setState(IDLE);
}

export interface UploadRequest {
  name: string;
  files: readonly PickedFile[];
  classesFromFolders: boolean;
}

/** Send everything; resolves when the job is started, has failed or was cancelled. */
export async function upload(
  store: UploadStore,
  server: UploadServer,
  { name, files, classesFromFolders }: UploadRequest,
  signal: AbortSignal,
): Promise<void> {
  const numBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  store.setState({ ...IDLE, phase: "uploading", name, numFiles: files.length, numBytes });
  try {
    const { id } = await server.create(name, classesFromFolders);
    store.setState({ importId: id });
    for (const batch of batchFiles(files)) {
      signal.throwIfAborted();
      await server.send(id, batch, signal);
      const { numSent, bytesSent } = store.getState();
      const sent = batch.reduce((sum, { file }) => sum + file.size, 0);
      store.setState({ numSent: numSent + batch.length, bytesSent: bytesSent + sent });
    }
    const job = await server.start(id);
    store.setState({ phase: "started", jobId: job.id });
  } catch (error) {
    if (signal.aborted) resetUpload(store);
    else store.setState({ phase: "failed", error: messageOf(error) });
  }
}
