/** Changes of classes: shown at once in the cached list, taken back with a notice when the server refuses. */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { ClassPatch, LabelClass } from "../../api/types";
import { nextHotkey } from "../../lib/hotkeys";
import { nextColour } from "../../lib/palette";
import { useProject } from "./project-context";

export interface ClassEdits {
  add: (name: string) => void;
  change: (classId: number, patch: ClassPatch) => void;
}

export function useClassEdits(): ClassEdits {
  const { project } = useProject();
  const queryClient = useQueryClient();
  const projectId = project.id;

  return useMemo(() => {
    const key = keys.classes(projectId);
    const listed = () => queryClient.getQueryData<LabelClass[]>(key) ?? [];
    const run = async (write: () => Promise<unknown>, what: string) => {
      try {
        await write();
      } catch (error) {
        notifications.show({ message: `${what}: ${messageOf(error)}`, color: "yellow" });
      }
      await queryClient.invalidateQueries({ queryKey: key });
    };
    return {
      add: (name) => {
        const body = {
          name,
          colour: nextColour(listed().map((entry) => entry.colour)),
          hotkey: nextHotkey(
            listed()
              .filter((entry) => !entry.is_archived)
              .map((entry) => entry.hotkey),
          ),
        };
        const params = { path: { project_id: projectId } };
        const create = () => unwrap(api.POST("/api/v1/projects/{project_id}/classes", { params, body }));
        void run(create, `${name} was not added`);
      },
      change: (classId, patch) => {
        const previous = listed();
        queryClient.setQueryData<LabelClass[]>(
          key,
          previous.map((entry) =>
            entry.id === classId ? { ...entry, ...(patch as Partial<LabelClass>) } : entry,
          ),
        );
        const params = { path: { project_id: projectId, class_id: classId } };
        const patchClass = () =>
          unwrap(api.PATCH("/api/v1/projects/{project_id}/classes/{class_id}", { params, body: patch }));
        void run(patchClass, "The class was not changed");
      },
    };
  }, [projectId, queryClient]);
}
