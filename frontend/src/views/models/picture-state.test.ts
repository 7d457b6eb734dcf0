import { describe, expect, test } from "vitest";
import type { ClassView, Job } from "../../api/types";
import { pictureState } from "./picture-state";

const view = (fields: Partial<ClassView> = {}): ClassView => ({
  class_id: 3,
  is_asked_for: true,
  picture_url: null,
  units: [],
  ...fields,
});

const job = (fields: Partial<Job>): Job =>
  ({
    id: 7,
    kind: "class_picture",
    state: "running",
    done: 30,
    total: 120,
    error_message: "",
    ...fields,
  }) as Job;

describe("where the picture of a class stands", () => {
  test("a drawn picture is shown whatever the jobs say", () => {
    expect(pictureState(view({ picture_url: "/p.png" }), [job({})], 7)).toEqual({
      kind: "drawn",
      url: "/p.png",
    });
  });

  test("while its job runs it tells the share, and none while the job waits or loads", () => {
    expect(pictureState(view(), [job({})], null)).toEqual({ kind: "drawing", share: 0.25 });
    expect(pictureState(view(), [job({ state: "queued" })], null)).toEqual({ kind: "drawing", share: null });
    expect(pictureState(view(), [job({ done: 0, total: 1 })], null)).toEqual({
      kind: "drawing",
      share: null,
    });
  });

  test("a job that draws other classes, or of another kind, does not count", () => {
    const none = { kind: "none", error: null };
    expect(pictureState(view({ is_asked_for: false }), [job({})], null)).toEqual(none);
    expect(pictureState(view(), [job({ kind: "training" })], null)).toEqual(none);
  });

  test("the failure of the job that was asked for is told, an older one's is not", () => {
    const failed = job({ state: "failed", error_message: "No weights" });
    expect(pictureState(view({ is_asked_for: false }), [failed], 7)).toEqual({
      kind: "none",
      error: "No weights",
    });
    expect(pictureState(view({ is_asked_for: false }), [failed], 8)).toEqual({ kind: "none", error: null });
  });
});
