/** Where the picture of a class stands: drawn, being drawn, or to be asked for. */
import type { ClassView, Job } from "../../api/types";

export type PictureState =
  | { kind: "drawn"; url: string }
  | { kind: "drawing" /** null while it waits */; share: number | null }
  | { kind: "none" /** why the last try gave none */; error: string | null };

/**
 * @param jobs of the project, newest first
 * @param askedJobId the job that this page asked for last
 */
export function pictureState(view: ClassView, jobs: readonly Job[], askedJobId: number | null): PictureState {
  if (view.picture_url) return { kind: "drawn", url: view.picture_url };
  const drawing = jobs.filter((job) => job.kind === "class_picture");
  const active = drawing.find((job) => job.state === "queued" || job.state === "running");
  if (active && view.is_asked_for) {
    const isStarted = active.state === "running" && active.total > 1;
    return { kind: "drawing", share: isStarted ? active.done / active.total : null };
  }
  const asked = drawing.find((job) => job.id === askedJobId);
  return { kind: "none", error: asked?.state === "failed" ? asked.error_message : null };
}
