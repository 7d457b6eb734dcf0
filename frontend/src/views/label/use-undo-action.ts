/** Takes back one action of the log, of anybody who may be undone, and says what came of it. */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { messageOf } from "../../api/problem";
import { undoAction } from "../../api/undo-action";
import { formatPlural } from "../../lib/format";
import { useProject } from "./project-context";

export function useUndoAction(): (sequence: number) => Promise<void> {
  const { session } = useProject();
  const queryClient = useQueryClient();
  return useCallback(
    async (sequence) => {
      try {
        const action = await undoAction(session.projectId, sequence);
        session.sync.receive(action);
        const skipped = action.skipped.length;
        if (skipped > 0) {
          const message = `${formatPlural(skipped, "image")} stayed as labelled since.`;
          notifications.show({ message, color: "yellow" });
        }
      } catch (error) {
        notifications.show({ message: `Not undone: ${messageOf(error)}`, color: "yellow" });
      }
      await queryClient.invalidateQueries({ queryKey: ["history", session.projectId] });
    },
    [session, queryClient],
  );
}
