/** The list of groups or changes, under the classes: there it covers nothing of the map. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type ComponentType, lazy, Suspense } from "react";
import { useStore } from "zustand";
import { loadLater } from "../../lib/load-later";
import { EXPLORED_TITLES, type Explored, toggleExplored } from "../../state/explore";
import panel from "../label/panel.module.css";
import { useProject } from "../label/project-context";
import classes from "./explore.module.css";

const LISTS: Record<Explored, ComponentType> = {
  changes: lazy(() =>
    loadLater(() => import("./change-list").then(({ ChangeList }) => ({ default: ChangeList }))),
  ),
  clusters: lazy(() =>
    loadLater(() => import("./cluster-list").then(({ ClusterList }) => ({ default: ClusterList }))),
  ),
};

export function ExplorePanel() {
  const { session } = useProject();
  const shown = useStore(session.explore, (state) => state.shown);
  if (shown === null) return null;
  const List = LISTS[shown];
  const title = EXPLORED_TITLES[shown];
  return (
    <aside className={`${panel.panel} ${classes.panel}`} aria-label={title} data-testid={`${shown}-list`}>
      <div className={panel.head}>
        <h2 className={panel.title}>{title}</h2>
        <Tooltip label="Close">
          <ActionIcon
            size="sm"
            onClick={() => toggleExplored(session.explore, shown)}
            aria-label={`Close: ${title}`}
            data-testid="explore-close"
          >
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.body}>
        <Suspense fallback={null}>
          <List />
        </Suspense>
      </div>
    </aside>
  );
}
