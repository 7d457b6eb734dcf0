import { expect, test, vi } from "vitest";
import type { ProjectSession } from "../../state/project-session";
import { confirmImages, toggled } from "./confirm-gestures";

test("a run takes the state that its last image gets", () => {
  expect([...toggled(new Set([2]), [2, 3, 4])]).toEqual([2, 3, 4]);
  expect([...toggled(new Set([2, 4]), [2, 3, 4])]).toEqual([]);
  expect([...toggled(new Set(), [7])]).toEqual([7]);
});

test("an accepted page says what was looked at, for how long, and which model proposed it", () => {
  const gesture = vi.fn();
  const session = {
    sync: { gesture },
    map: { getState: () => ({ data: { modelVersion: 3 } }) },
  } as unknown as ProjectSession;
  confirmImages(session, {
    classId: 9,
    indexes: [4, 1],
    kind: "accept",
    view: "crop",
    retention: 0.9,
    secondsShown: 2.34567,
  });
  expect(gesture).toHaveBeenCalledWith({
    kind: "accept",
    class_id: 9,
    image_indexes: [4, 1],
    provenance: { gesture: "confirm", view: "crop", retention: 0.9, seconds_shown: 2.346, model_version: 3 },
  });
});
