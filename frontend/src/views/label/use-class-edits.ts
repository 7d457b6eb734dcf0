/** Changes of classes: shown at once in the cached list, taken back with a notice when the server refuses. */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { ClassPatch, LabelClass } from "../../api/types";
import { undoAction } from "../../api/undo-action";
import { randomId } from "../../lib/uuid";
import { archivedWords, mergedWords } from "./class-notices";
import { useProject } from "./project-context";
import { offerUndo, withdrawUndo } from "./undo-notice";

export interface ClassEdits {
  add: (name: string) => void;
  change: (classId: number, patch: ClassPatch) => void;
  /** Put a class away; the notice that follows says what becomes of its labels and offers to undo it. */
  archive: (entry: LabelClass, numLabels: number) => void;
  restore: (classId: number) => void;
  /** Put the active classes in this order. */
  order: (classIds: readonly number[]) => void;
  /** Move all images of a class to another and archive it; the notice that follows offers to undo it. */
  merge: (source: LabelClass, target: LabelClass) => Promise<void>;
}

export function useClassEdits(): ClassEdits {
  const { project } = useProject();
  const queryClient = useQueryClient();
  const projectId = project.id;

  return useMemo(() => {
    const key = keys.classes(projectId);
    const inProject = { path: { project_id: projectId } };
    const listed = () => queryClient.getQueryData<LabelClass[]>(key) ?? [];
    const run = async (write: () => Promise<unknown>, what: string) => {
      try {
        await write();
      } catch (error) {
        notifications.show({ message: `${what}: ${messageOf(error)}`, color: "yellow" });
      }
      await queryClient.invalidateQueries({ queryKey: key });
    };
    const patchClass = (classId: number, patch: ClassPatch) =>
      unwrap(
        api.PATCH("/api/v1/projects/{project_id}/classes/{class_id}", {
          params: { path: { project_id: projectId, class_id: classId } },
          body: patch,
        }),
      );
    /** Write, with the class as it will be in the list at once. */
    const showAndWrite = (classId: number, patch: ClassPatch, write: () => Promise<unknown>) => {
      queryClient.setQueryData<LabelClass[]>(
        key,
        listed().map((entry) =>
          entry.id === classId ? { ...entry, ...(patch as Partial<LabelClass>) } : entry,
        ),
      );
      void run(write, "The class was not changed");
    };
    const change = (classId: number, patch: ClassPatch) =>
      showAndWrite(classId, patch, () => patchClass(classId, patch));
    const restore = (classId: number) => {
      withdrawUndo("archive", classId);
      change(classId, { is_archived: false });
    };
    const unmerge = async (source: LabelClass, sequence: number | null) => {
      await patchClass(source.id, {
        is_archived: false,
        ...(source.hotkey ? { hotkey: source.hotkey } : {}),
      });
      if (sequence === null) return;
      await undoAction(projectId, sequence);
    };
    // One after the other: each takes a colour and a key that those before it left free.
    let adding: Promise<void> = Promise.resolve();
    return {
      order: (classIds) => {
        const places = new Map(classIds.map((id, at) => [id, at]));
        const placeOf = ({ id }: LabelClass) => places.get(id) ?? Number.POSITIVE_INFINITY;
        queryClient.setQueryData<LabelClass[]>(
          key,
          [...listed()].sort((a, b) => placeOf(a) - placeOf(b)),
        );
        const put = () =>
          unwrap(
            api.PUT("/api/v1/projects/{project_id}/class-order", {
              params: inProject,
              body: { class_ids: [...classIds] },
            }),
          );
        void run(put, "The order was not changed");
      },
      merge: (source, target) =>
        run(async () => {
          const { action } = await unwrap(
            api.POST("/api/v1/projects/{project_id}/classes/{class_id}/merge", {
              params: { path: { project_id: projectId, class_id: source.id } },
              body: { into_class_id: target.id, client_action_id: randomId() },
            }),
          );
          const undo = () =>
            void run(() => unmerge(source, action?.sequence ?? null), "The merge was not undone");
          const count = action?.image_indexes.length ?? 0;
          offerUndo("merge", source.id, mergedWords(source, target, count), undo);
        }, `${source.name} was not merged`),
      add: (name) => {
        const params = { path: { project_id: projectId } };
        const create = () =>
          unwrap(api.POST("/api/v1/projects/{project_id}/classes", { params, body: { name } }));
        adding = adding.then(() => run(create, `${name} was not added`));
      },
      change,
      restore,
      archive: (entry, numLabels) => {
        const patch = { is_archived: true };
        showAndWrite(entry.id, patch, async () => {
          await patchClass(entry.id, patch);
          offerUndo("archive", entry.id, archivedWords(entry, numLabels), () => restore(entry.id));
        });
      },
    };
  }, [projectId, queryClient]);
}
