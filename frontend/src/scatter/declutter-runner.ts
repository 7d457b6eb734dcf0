/** Declutter codes of both layouts: at once for a few items, else in a worker, one job at a time, the newest only. */

import { type DeclutterJob, type DeclutterResult, runJob } from "./declutter-job";
import { WORKER_MIN_ITEMS } from "./defaults";
import { ScatterError } from "./errors";

export class DeclutterRunner {
  private readonly onResult: (result: DeclutterResult) => void;
  private readonly onError: (error: Error) => void;
  private worker: Worker | null = null;
  private isRunning = false;
  /** Counts the jobs asked for; the answer to an older one than the last is dropped. */
  private asked = 0;
  private posted = 0;
  private next: DeclutterJob | null = null;

  constructor(onResult: (result: DeclutterResult) => void, onError: (error: Error) => void) {
    this.onResult = onResult;
    this.onError = onError;
  }

  get isBusy(): boolean {
    return this.isRunning;
  }

  run(job: DeclutterJob): void {
    this.asked++;
    if (job.numItems < WORKER_MIN_ITEMS) {
      this.next = null;
      this.onResult(runJob(job));
    } else if (this.isRunning) {
      this.next = job;
    } else {
      this.post(job);
    }
  }

  dispose(): void {
    this.worker?.terminate();
    this.worker = null;
    this.next = null;
    this.isRunning = false;
  }

  private post(job: DeclutterJob): void {
    this.worker ??= this.startWorker();
    this.isRunning = true;
    this.posted = this.asked;
    this.worker.postMessage(job);
  }

  private startWorker(): Worker {
    const worker = new Worker(new URL("./declutter-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", (event: MessageEvent<DeclutterResult>) => {
      this.isRunning = false;
      const { next } = this;
      this.next = null;
      if (next) this.post(next);
      else if (this.posted === this.asked) this.onResult(event.data);
    });
    worker.addEventListener("error", (event) => {
      this.dispose();
      this.onError(
        new ScatterError("declutter_failed", `The worker that spaces thumbnails failed: ${event.message}`),
      );
    });
    return worker;
  }
}
