/** Buttons of the map's palette that show groups and changes; what they list stands in the left column. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowsShuffle, IconCircleDashed } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { EXPLORED_TITLES, type Explored, toggleExplored } from "../../state/explore";
import { useProject } from "../label/project-context";
import classes from "./explore.module.css";

const ICONS: Record<Explored, ReactNode> = {
  clusters: <IconCircleDashed size={16} />,
  changes: <IconArrowsShuffle size={16} />,
};

export function ExploreTools() {
  const { session } = useProject();
  const shown = useStore(session.explore, (state) => state.shown);
  return (Object.keys(ICONS) as Explored[]).map((what) => {
    const title = EXPLORED_TITLES[what];
    return (
      <Tooltip key={what} label={title}>
        <ActionIcon
          className={classes.tool}
          data-on={shown === what}
          aria-label={title}
          aria-pressed={shown === what}
          onClick={() => toggleExplored(session.explore, what)}
          data-testid={`explore-${what}`}
        >
          {ICONS[what]}
        </ActionIcon>
      </Tooltip>
    );
  });
}
