import { Button, Select } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { activityQuery } from "../../api/activity-queries";
import { messageOf } from "../../api/problem";
import { imageUrl, keys } from "../../api/queries";
import type { ActivityItem, LabelClass, Project } from "../../api/types";
import { undoAction } from "../../api/undo-action";
import { actionWords, gestureWords } from "../../lib/activity";
import { formatAgo, formatDateTime, formatPlural } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { may } from "../../lib/permissions";
import { useMapBackground } from "../common/map-background";
import { useUser } from "../session/session-gate";
import classes from "./activity-page.module.css";

const EVERYBODY = "";

export interface ActionLogProps {
  project: Project;
  classById: ReadonlyMap<number, LabelClass>;
  annotators: readonly string[];
  annotator: string | null;
  onAnnotator: (annotator: string | null) => void;
}

/** The log, newest first. */
export function ActionLog({ project, classById, annotators, annotator, onAnnotator }: ActionLogProps) {
  const log = useInfiniteQuery(activityQuery(project.id, annotator));
  const items = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={classes.section}>
      <div className={classes.head}>
        <h2>Actions</h2>
        <Select
          w={170}
          aria-label="Whose actions"
          value={annotator ?? EVERYBODY}
          onChange={(value) => onAnnotator(value || null)}
          data={[
            { value: EVERYBODY, label: "Everybody" },
            ...annotators.map((name) => ({ value: name, label: name })),
          ]}
          data-testid="activity-annotator"
        />
      </div>
      {log.error && <p role="alert">{messageOf(log.error)}</p>}
      <ol className={classes.log} data-testid="action-log">
        {items.map((item) => (
          <LogEntry key={item.sequence} item={item} project={project} classById={classById} />
        ))}
      </ol>
      {log.hasNextPage && (
        <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Earlier actions
        </Button>
      )}
    </section>
  );
}

interface LogEntryProps {
  item: ActivityItem;
  project: Project;
  classById: ReadonlyMap<number, LabelClass>;
}

function LogEntry({ item, project, classById }: LogEntryProps) {
  const background = useMapBackground();
  const entry = item.class_id === null ? undefined : classById.get(item.class_id);
  const details = [
    ...(item.gesture ? [gestureWords(item.gesture)] : []),
    ...(item.seconds_shown == null ? [] : [`looked at for ${item.seconds_shown.toFixed(0)} s`]),
  ].join(" · ");
  return (
    <li className={classes.entry} data-undone={item.is_undone} data-testid={`action-${item.sequence}`}>
      <span className={`${classes.number} num`}>#{item.sequence}</span>
      <div>
        <p className={classes.what}>
          <b>{item.annotator}</b> {actionWords(item)}{" "}
          {entry && (
            <span className={classes.class}>
              <i style={{ background: shownColour(entry.colour, background) }} />
              {entry.name}
            </span>
          )}
          {item.is_undone && <span className={classes.undone}>taken back</span>}
        </p>
        <p className={`${classes.how} num`} title={formatDateTime(item.created_at)}>
          {formatAgo(item.created_at, new Date())}
          {details && ` · ${details}`}
        </p>
      </div>
      <span className={classes.thumbs} aria-hidden="true">
        {item.first_image_indexes.slice(0, 4).map((index) => (
          <img key={index} src={imageUrl(project.id, index, "thumbnail")} alt="" loading="lazy" />
        ))}
      </span>
      <UndoButton item={item} project={project} />
    </li>
  );
}

function UndoButton({ item, project }: Omit<LogEntryProps, "classById">) {
  const { username } = useUser();
  const queryClient = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const isOwn = item.annotator === username;
  const canUndo = (item.kind === "assign" || item.kind === "clear") && !item.is_undone;
  if (!canUndo || !may(project.role, isOwn ? "label" : "undoOthers")) return <span />;
  const undo = async () => {
    setIsBusy(true);
    try {
      const { skipped } = await undoAction(project.id, item.sequence);
      const rest =
        skipped.length > 0 ? ` ${formatPlural(skipped.length, "image")} stayed as labelled since.` : "";
      notifications.show({ message: `Action #${item.sequence} was taken back.${rest}` });
    } catch (error) {
      notifications.show({ message: `Not undone: ${messageOf(error)}`, color: "yellow" });
    }
    setIsBusy(false);
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ["activity", project.id] }),
      queryClient.invalidateQueries({ queryKey: keys.meter(project.id) }),
    ]);
  };
  return (
    <Button
      variant="default"
      loading={isBusy}
      onClick={() => void undo()}
      aria-label={`Undo action ${item.sequence}`}
      data-testid={`undo-${item.sequence}`}
    >
      Undo
    </Button>
  );
}
