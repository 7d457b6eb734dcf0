/** Takes back one action of the log. */
import { randomId } from "../lib/uuid";
import { api, unwrap } from "./client";
import type { LabelAction } from "./types";

export function undoAction(projectId: number, sequence: number): Promise<LabelAction> {
  return unwrap(
    api.POST("/api/v1/projects/{project_id}/label-actions/{sequence}/undo", {
      params: { path: { project_id: projectId, sequence } },
      body: { client_action_id: randomId() },
    }),
  );
}
