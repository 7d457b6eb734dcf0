import { expect, test } from "vitest";
import type { Job } from "../api/types";
import {
  applyJob,
  createJobStore,
  dismissJob,
  downloadOf,
  jobNumbers,
  jobRate,
  jobShare,
  loadActiveJobs,
  stageTitle,
  stripOf,
} from "./jobs";

const job = (id: number, state: Job["state"], changes: Partial<Job> = {}): Job => ({
  id,
  project_id: 1,
  kind: "training",
  state,
  stage: "head",
  done: 0,
  total: 0,
  error_code: "",
  error_message: "",
  summary: "",
  cancel_requested_at: null,
  created_at: "2026-11-21T00:00:00Z",
  started_at: null,
  finished_at: null,
  ...changes,
});

test("news of a job replaces what was known, in order of id", () => {
  const store = createJobStore();
  applyJob(store, job(2, "queued"));
  applyJob(store, job(1, "running"));
  applyJob(store, job(2, "running", { done: 3, total: 9 }));
  expect(store.getState().jobs.map(({ id, done }) => [id, done])).toEqual([
    [1, 0],
    [2, 3],
  ]);
});

test("an ended job is not revived by a late message", () => {
  const store = createJobStore();
  applyJob(store, job(1, "succeeded"));
  applyJob(store, job(1, "running"));
  expect(store.getState().jobs[0].state).toBe("succeeded");
});

test("after a reconnect, jobs that are no longer active go and ended ones stay until dismissed", () => {
  const store = createJobStore();
  applyJob(store, job(1, "failed"));
  applyJob(store, job(2, "running"));
  loadActiveJobs(store, [job(3, "queued")]);
  expect(store.getState().jobs.map(({ id }) => id)).toEqual([1, 3]);
  dismissJob(store, 1);
  expect(store.getState().jobs.map(({ id }) => id)).toEqual([3]);
});

test("the share is unknown without a total and never over one", () => {
  expect(jobShare(job(1, "running"))).toBeNull();
  expect(jobShare(job(1, "running", { done: 1, total: 4 }))).toBe(0.25);
  expect(jobShare(job(1, "running", { done: 5, total: 4 }))).toBe(1);
});

test("stages read as words", () => {
  expect(stageTitle("crop_features")).toBe("Crop features");
  expect(stageTitle("")).toBe("");
});

test("running jobs are shown, waiting ones counted; a lone waiting one is shown", () => {
  const [a, b, c, d] = [job(1, "running"), job(2, "queued"), job(3, "queued"), job(4, "running")];
  expect(stripOf([a, b, c, d])).toEqual({ shown: [a, d], numQueued: 2 });
  expect(stripOf([b, c])).toEqual({ shown: [b], numQueued: 1 });
  expect(stripOf([])).toEqual({ shown: [], numQueued: 0 });
});

test("a download counts bytes, everything else counts things", () => {
  const download = job(1, "running", { stage: "download", done: 12_345_678, total: 87_319_819 });
  expect(jobNumbers(download)).toBe("12.3\u00a0MB / 87.3\u00a0MB");
  expect(jobRate(download, 1_234_567)).toBe("1.2\u00a0MB a second");
  const features = job(2, "running", { stage: "features", done: 120, total: 480 });
  expect(jobNumbers(features)).toBe("120 / 480");
  expect(jobRate(features, 31.2)).toBe("31 a second");
});

test("only a running download is one under way", () => {
  const failed = job(1, "failed", { stage: "download" });
  const running = job(2, "running", { stage: "download" });
  expect(downloadOf([failed, job(3, "running")])).toBeUndefined();
  expect(downloadOf([failed, running])).toBe(running);
});
