import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useStore } from "zustand";
import { historyQuery } from "../../api/queries";
import type { LabelAction } from "../../api/types";
import { formatAgo, formatDateTime } from "../../lib/format";
import { useUser } from "../session/session-gate";
import classes from "./image-history.module.css";
import { useProject } from "./project-context";
import { useUndoAction } from "./use-undo-action";

/** Every label action that touched the image, newest first. */
export function ImageHistory({ index }: { index: number }) {
  const { session, classById, may } = useProject();
  const sequence = useStore(session.sync.labels, (state) => state.sequence);
  const { data, refetch } = useQuery(historyQuery(session.projectId, index));
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again whenever a label action came in
  useEffect(() => void refetch(), [sequence]);

  const { username } = useUser();
  const undo = useUndoAction();
  const mayUndo = ({ kind, annotator, is_undone }: LabelAction): boolean =>
    (kind === "assign" || kind === "clear") &&
    !is_undone &&
    (annotator === username ? may("label") : may("undoOthers"));

  const describe = ({ kind, class_id }: LabelAction): string => {
    if (kind === "undo") return "Undone";
    if (kind === "redo") return "Redone";
    if (kind === "clear") return "Label removed";
    return `Labelled ${classById.get(class_id ?? 0)?.name ?? "a class that is gone"}`;
  };
  return (
    <section>
      <h3 className={classes.title}>History</h3>
      {data?.length === 0 && <p className={classes.none}>Nobody has labelled this image.</p>}
      <ol className={classes.list} data-testid="image-history">
        {data?.map((action) => (
          <li key={action.sequence} className={classes.entry} data-undone={action.is_undone}>
            <span>{describe(action)}</span>
            {mayUndo(action) && (
              <UnstyledButton
                className={classes.undo}
                onClick={() => void undo(action.sequence)}
                title="Undo this whole action, all its images"
                data-testid={`undo-${action.sequence}`}
              >
                Undo
              </UnstyledButton>
            )}
            <span className={classes.who} title={formatDateTime(action.created_at)}>
              {action.annotator} · {formatAgo(action.created_at, new Date())}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
