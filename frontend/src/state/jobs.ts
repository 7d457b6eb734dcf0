/** The jobs of a project as the strip shows them: the active ones, and those that ended while one was watching. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Job } from "../api/types";
import { formatBytes, formatCount, formatRate } from "../lib/format";

export interface JobState {
  /** By id, oldest first. */
  readonly jobs: readonly Job[];
}

export type JobStore = StoreApi<JobState>;

export function isActive(job: Job): boolean {
  return job.state === "queued" || job.state === "running";
}

export function createJobStore(): JobStore {
  return createStore<JobState>(() => ({ jobs: [] }));
}

/** Take news of a job. A job that has ended does not come back to life by a late message. */
export function applyJob(store: JobStore, job: Job): void {
  const { jobs } = store.getState();
  const known = jobs.find((other) => other.id === job.id);
  if (known && !isActive(known) && isActive(job)) return;
  const others = jobs.filter((other) => other.id !== job.id);
  store.setState({ jobs: [...others, job].sort((a, b) => a.id - b.id) });
}

/** Take the list of active jobs as read: what is shown as active but not in it has ended unseen and goes. */
export function loadActiveJobs(store: JobStore, active: readonly Job[]): void {
  const ended = store.getState().jobs.filter((job) => !isActive(job));
  store.setState({ jobs: [...ended, ...active].sort((a, b) => a.id - b.id) });
}

export function dismissJob(store: JobStore, jobId: number): void {
  store.setState({ jobs: store.getState().jobs.filter((job) => job.id !== jobId) });
}

const KIND_TITLES: Record<Job["kind"], string> = {
  import: "Import",
  features: "Features",
  projection: "Map layout",
  training: "Training",
  export: "Export",
  crops: "Crops",
  suggestions: "Suggestions",
  class_picture: "Class picture",
};

/** "Training" and the like. */
export function jobTitle(job: Job): string {
  return KIND_TITLES[job.kind];
}

/** "crop_features" -> "Crop features". */
export function stageTitle(stage: string): string {
  const words = stage.replaceAll("_", " ").trim();
  return words ? words[0].toUpperCase() + words.slice(1) : "";
}

/** Share done in [0, 1]; null while the total is not known. */
export function jobShare(job: Job): number | null {
  return job.total > 0 ? Math.min(1, job.done / job.total) : null;
}

/** The stage of a job in which weights come over the network; its numbers are bytes. */
const DOWNLOAD_STAGE = "download";

/** "120 / 480"; of a download, "12 MB / 83 MB". */
export function jobNumbers(job: Job): string {
  const format = job.stage === DOWNLOAD_STAGE ? formatBytes : formatCount;
  return `${format(job.done)} / ${format(job.total)}`;
}

/** "31 a second"; of a download, "1.2 MB a second". */
export function jobRate(job: Job, perSecond: number): string {
  return job.stage === DOWNLOAD_STAGE ? `${formatBytes(perSecond)} a second` : formatRate(perSecond);
}

/** The running job that is fetching weights, if there is one. */
export function downloadOf(jobs: readonly Job[]): Job | undefined {
  return jobs.find((job) => job.state === "running" && job.stage === DOWNLOAD_STAGE);
}

const MAX_SHOWN = 2;

/** The jobs to show one by one, running and ended ones before waiting ones, and how many more wait. */
export function stripOf(jobs: readonly Job[]): { shown: Job[]; numQueued: number } {
  const started = jobs.filter((job) => job.state !== "queued");
  const queued = jobs.filter((job) => job.state === "queued");
  const shown = started.length > 0 ? started.slice(-MAX_SHOWN) : queued.slice(0, 1);
  return { shown, numQueued: started.length > 0 ? queued.length : Math.max(0, queued.length - 1) };
}
